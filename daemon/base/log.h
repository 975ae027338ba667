/* One line to stderr with the sd-daemon(3) "<N>" priority prefix, which journald understands.
 *
 * error = someone must act; warning = degraded, the line ends ", continuing with …"; notice =
 * start, stop, reload; info = one line per poll round; debug = off unless asked for. On a
 * terminal the prefix is left out. As JSON a line is an object with `time`, `level`, `message`
 * and, where it is about one, `feed`; in the journal these are PRIORITY, MESSAGE and
 * BRIEFD_FEED. Any thread; one write(2) a line, so lines never mix.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

#include "base/attributes.h"

enum log_level {
    LOG_LEVEL_ERROR = 3, /* the numbers are syslog's */
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7,
};

enum log_format { LOG_TEXT, LOG_JSON };

#define LOG_JOURNAL_PATH "/run/systemd/journal/socket"

/* All of these once at start, before any thread. */

/* Lines above `level` are dropped. Default: info. */
void log_set_level(enum log_level level);

/* Whether a line of `level` is written at all: for what is costly to say. */
bool log_is_shown(enum log_level level);

/* LOG_JSON goes to stderr whether that is the journal or not. Default: text. */
void log_set_format(enum log_format format);

/* Whether `fd` is the stream that $JOURNAL_STREAM names (systemd.exec(5)). */
bool log_is_journal(const char *journal_stream, int fd);

/* Write text lines to the journal's socket from now on, with their fields; false when there is
 * none. A line it does not take goes to stderr. */
bool log_open_journal(const char *path);
void log_close_journal(void);

void log_line(enum log_level level, const char *format, ...) printf_like(2, 3);

/* About one feed: its name comes first, as a field too. */
void log_feed(enum log_level level, const char *feed, const char *format, ...)
    printf_like(3, 4);

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_notice(...) log_line(LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
