/* SPDX-License-Identifier: Apache-2.0 */
/* near.c - optimal string alignment distance on bytes; names are ASCII. */
#include "base/near.h"

#include "base/words.h"

#include <glib.h>
#include <string.h>

#define LONGEST 63
#define FARTHEST 2

static guint distance(const char *a, const char *b) {
  guint rows[3][LONGEST + 2];
  gsize n = strlen(a), m = strlen(b);
  if (n > LONGEST || m > LONGEST)
    return FARTHEST + 1;
  guint *before = rows[0], *previous = rows[1], *current = rows[2];
  for (guint j = 0; j <= m; j++)
    previous[j] = j;
  for (guint i = 1; i <= n; i++) {
    current[0] = i;
    for (guint j = 1; j <= m; j++) {
      guint cost = a[i - 1] != b[j - 1];
      guint best = MIN(MIN(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        best = MIN(best, before[j - 2] + 1);
      current[j] = best;
    }
    guint *spare = before;
    before = previous, previous = current, current = spare;
  }
  return previous[m];
}

const char *rk_near_word(const char *word, const char *const *known) {
  const char *nearest = NULL;
  guint least = FARTHEST + 1;
  for (; known && *known; known++) {
    guint d = distance(word, *known);
    if (d < least && d < strlen(word)) {
      least = d;
      nearest = *known;
    }
  }
  return nearest;
}

char *near_hint(const char *word, const char *const *known) {
  const char *near = rk_near_word(word, known);
  g_autofree char *all = g_strjoinv(" ", (char **)known);
  if (near)
    return g_strdup_printf(_("did you mean '%s'? possible here: %s"), near, all);
  return *all ? g_strdup_printf(_("possible here: %s"), all) : g_strdup(_("remove it"));
}
