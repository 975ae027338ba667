#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static enum log_level level_shown = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
    level_shown = level;
}

/* A line is one record: what a feed puts into a message must not begin a second one. */
static void flatten(char *text, int length)
{
    for (int i = 0; i < length; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) {
            text[i] = ' ';
        }
    }
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level > level_shown) {
        return;
    }
    char line[2048];
    int start = isatty(STDERR_FILENO) ? 0 : snprintf(line, sizeof(line), "<%d>", (int)level);
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line + start, sizeof(line) - (size_t)start - 1, format, values);
    va_end(values);
    if (length < 0) {
        return;
    }
    length += start;
    if (length > (int)sizeof(line) - 2) {
        length = (int)sizeof(line) - 2;
    }
    flatten(line, length);
    line[length++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, (size_t)length);
    (void)ignored; /* a log that cannot be written has nowhere to complain */
}
