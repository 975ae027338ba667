/* write_simplified: what OpenCC makes of each Han character, as a table in C.
 *
 * Runs while briefd is built, not in it. Asking OpenCC for all characters takes 250 million
 * instructions, forty milliseconds, and needs its dictionaries in memory; a poll that finds
 * nothing new takes no longer. The answers change with OpenCC's package only, and then so does
 * the program that was built with it.
 *
 * Rejected: asking at the first Han character (every poll that brings one pays), or for the
 * characters of a text alone (OpenCC's C API takes 59 us for 300 bytes, version 1.1.5). */
#include <opencc/opencc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "briefing/fold_han.h"

enum { NUMBERS_A_LINE = 12 };

static int refuse(const char *sentence)
{
    fprintf(stderr, "write_simplified: %s\n", sentence);
    return 1;
}

/* One character a line, because OpenCC joins neighbours to phrases. */
static char *list_han(void)
{
    char *list = malloc(FOLD_HAN_COUNT * 4 + 1);
    if (list == NULL) {
        abort(); /* while building: memory_exhausted() is not linked to it */
    }
    char *end = list;
    for (uint32_t han = FOLD_HAN_FIRST; han <= FOLD_HAN_LAST; han++) {
        end += utf8proc_encode_char((utf8proc_int32_t)han, (utf8proc_uint8_t *)end);
        *end++ = '\n';
    }
    *end = '\0';
    return list;
}

static bool print_table(const char *converted)
{
    printf("/* Written by write_simplified.c from OpenCC's data. */\n"
           "#include \"briefing/fold_han.h\"\n"
           "const struct fold_table fold_table_simplified = {{\n");
    for (size_t i = 0; i < FOLD_HAN_COUNT; i++) {
        utf8proc_int32_t codepoint;
        utf8proc_ssize_t length = utf8proc_iterate(
            (const utf8proc_uint8_t *)converted, -1, &codepoint);
        if (length <= 0 || converted[length] != '\n') {
            return false;
        }
        printf("%#x,%s", (unsigned)codepoint, i % NUMBERS_A_LINE == 0 ? "\n" : "");
        converted += length + 1;
    }
    printf("}};\n");
    return *converted == '\0';
}

int main(void)
{
    opencc_t opencc = opencc_open(OPENCC_DEFAULT_CONFIG_TRAD_TO_SIMP);
    if (opencc == (opencc_t)-1) { /* NOLINT: OpenCC's own way to say so */
        return refuse("OpenCC's table '" OPENCC_DEFAULT_CONFIG_TRAD_TO_SIMP
                      "' cannot be read: install the package libopencc-data");
    }
    char *list = list_han();
    char *converted = opencc_convert_utf8(opencc, list, strlen(list));
    bool whole = converted != NULL && print_table(converted);
    opencc_convert_utf8_free(converted);
    free(list);
    opencc_close(opencc);
    return whole && fflush(stdout) == 0 ? 0 : refuse("characters are not mapped one by one");
}
