/* SPDX-License-Identifier: Apache-2.0 */
/* words.h - texts in the user's language, by gettext. */
#ifndef RK_BASE_WORDS_H
#define RK_BASE_WORDS_H

#include <libintl.h>

/* The text in the language of the messages; N_ only marks a text for translation. */
#define _(text) dgettext("renkei", text)
#define N_(text) text

#endif
