/* One line to stderr with the sd-daemon(3) "<N>" priority prefix, which journald understands.
 *
 * error = someone must act; warning = degraded, the line ends ", continuing with …"; notice =
 * start, stop, reload; info = one line per poll round; debug = off unless asked for. On a
 * terminal the prefix is left out. Any thread; one write(2) a line, so lines never mix.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attributes.h"

enum log_level {
    LOG_LEVEL_ERROR = 3, /* the numbers are syslog's */
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7,
};

/* Lines above `level` are dropped. Called once at start, before any thread. Default: info. */
void log_set_level(enum log_level level);

void log_line(enum log_level level, const char *format, ...) printf_like(2, 3);

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_notice(...) log_line(LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
