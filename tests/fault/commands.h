/* SPDX-License-Identifier: Apache-2.0 */
/* commands.h - whether the story knows all commands that the program says it has. */
#ifndef RK_TEST_FAULT_COMMANDS_H
#define RK_TEST_FAULT_COMMANDS_H

#include "story.h"
#include "tap.h"

/* Each command of `renkei help` stands in a step of the story, or among those left out with a reason. */
void commands_check(Tap *tap, Story *story);

#endif
