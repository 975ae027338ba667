/* LaTeX's vocabulary as tables: commands, accents, raised and lowered characters. PURE. */
#ifndef FEED_LATEX_TABLE_H
#define FEED_LATEX_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum latex_kind {
    LATEX_SYMBOL,        /* is the character `text` */
    LATEX_LETTER,        /* the same in a word: the blank behind it only ends the command */
    LATEX_NOTHING,       /* says how, not what: only its argument stays */
    LATEX_DISCARD,       /* goes with its argument */
    LATEX_SECOND,        /* of two arguments the second stays */
    LATEX_FRACTION,      /* two arguments, a slash between */
    LATEX_ROOT,          /* `text` before its argument */
    LATEX_DOUBLE_STRUCK, /* one letter becomes its blackboard form */
};

struct latex_command {
    const char *name; /* without the backslash */
    enum latex_kind kind;
    const char *text;
};

/* The command of that name (letters, or one other character); NULL when it is not known. */
const struct latex_command *latex_command_find(const char *name, size_t length);

/* Points at the composed form of the ASCII letter `base` under `accent` (the character behind
 * the backslash), at "" when there is no composed one: then *ret_mark, a combining mark, goes
 * behind the base. NULL when `accent` is none. */
const char *latex_accent_find(char accent, char base, const char **ret_mark);

/* The raised or lowered form of the character at `text`, which has *ret_bytes bytes; NULL for
 * none. */
const char *latex_script_find(const char *text, bool raised, size_t *ret_bytes);

/* The blackboard form of `letter`; NULL for none. */
const char *latex_double_struck_find(char letter);

#endif
