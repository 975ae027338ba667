/* One message, three ways to write it: text for people and syslog, JSON for collectors, and the
 * journal's own protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL) where standard error is the
 * journal, for then the feed is a field that can be asked for.
 *
 * Rejected: sd_journal_sendv(): the folder knows libc alone, and without line breaks, which
 * flatten() takes out, the protocol is one datagram of KEY=VALUE lines. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/json.h"

enum {
    MESSAGE_BYTES = 2000,
    LINE_BYTES = 2048,
    JSON_MAX_BYTES = 6 * LINE_BYTES + 256, /* \u0000 for each byte of message and feed */
    FEED_MAX_BYTES = 200,
};

static enum log_level level_shown = LOG_LEVEL_INFO;
static enum log_format format_written = LOG_TEXT;
static int journal = -1;

static const char *const level_names[] = {
    [LOG_LEVEL_ERROR] = "error",
    [LOG_LEVEL_WARNING] = "warning",
    [LOG_LEVEL_NOTICE] = "notice",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};

void log_set_level(enum log_level level)
{
    level_shown = level;
}

bool log_is_shown(enum log_level level)
{
    return level <= level_shown;
}

void log_set_format(enum log_format format)
{
    format_written = format;
}

/* systemd.exec(5): $JOURNAL_STREAM is device and inode of the stream it gave the service. */
bool log_is_journal(const char *journal_stream, int fd)
{
    struct stat stream;
    char own[64];
    if (journal_stream == NULL || fstat(fd, &stream) != 0) {
        return false;
    }
    snprintf(own, sizeof(own), "%llu:%llu", (unsigned long long)stream.st_dev,
        (unsigned long long)stream.st_ino);
    return strcmp(own, journal_stream) == 0;
}

bool log_open_journal(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path)) {
        return false;
    }
    strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return false;
    }
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
        close(fd);
        return false;
    }
    log_close_journal();
    journal = fd;
    return true;
}

void log_close_journal(void)
{
    if (journal >= 0) {
        close(journal);
        journal = -1;
    }
}

/* A line is one record: what a feed puts into a message must not begin a second one. */
static void flatten(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            *text = ' ';
        }
    }
}

static void write_text(enum log_level level, const char *message)
{
    char line[LINE_BYTES];
    int length = isatty(STDERR_FILENO)
        ? snprintf(line, sizeof(line), "%s\n", message)
        : snprintf(line, sizeof(line), "<%d>%s\n", (int)level, message);
    ssize_t ignored = write(STDERR_FILENO, line, (size_t)length);
    (void)ignored; /* a log that cannot be written has nowhere to complain */
}

static void write_json(enum log_level level, const char *feed, const char *message)
{
    char second[CLOCK_ISO_BYTES];
    int64_t now_ms = clock_now_utc_ms();
    clock_format_iso(now_ms / 1000, second);
    struct buffer line;
    buffer_init(&line, JSON_MAX_BYTES);
    buffer_printf(&line, "{\"time\":\"%.19s.%03dZ\",\"level\":\"%s\"", second,
        (int)(now_ms % 1000), level_names[level]);
    if (feed != NULL) {
        buffer_puts(&line, ",\"feed\":");
        json_write_string(feed, &line);
    }
    buffer_puts(&line, ",\"message\":");
    json_write_string(message, &line);
    buffer_puts(&line, "}\n");
    ssize_t ignored = write(STDERR_FILENO, line.data, line.length);
    (void)ignored;
    buffer_release(&line);
}

/* False when the journal cannot take it now: it is restarted, say. */
static bool write_journal(enum log_level level, const char *feed, const char *message)
{
    char record[LINE_BYTES + FEED_MAX_BYTES + 128];
    int length = snprintf(record, sizeof(record),
        "PRIORITY=%d\nSYSLOG_IDENTIFIER=briefd\n%s%s%sMESSAGE=%s\n", (int)level,
        feed == NULL ? "" : "BRIEFD_FEED=", feed == NULL ? "" : feed, feed == NULL ? "" : "\n",
        message);
    return send(journal, record, (size_t)length, MSG_NOSIGNAL) == length;
}

printf_like(3, 0) static void write_record(
    enum log_level level, const char *feed, const char *format, va_list values)
{
    char message[MESSAGE_BYTES], name[FEED_MAX_BYTES];
    int start = 0;
    if (feed != NULL) {
        snprintf(name, sizeof(name), "%s", feed);
        flatten(name);
        start = snprintf(message, sizeof(message), "feed '%s': ", name);
    }
    if (vsnprintf(message + start, sizeof(message) - (size_t)start, format, values) < 0) {
        return;
    }
    flatten(message);
    if (format_written == LOG_JSON) {
        write_json(level, feed == NULL ? NULL : name, message);
    } else if (journal < 0 || !write_journal(level, feed == NULL ? NULL : name, message)) {
        write_text(level, message);
    }
}

void log_line(enum log_level level, const char *format, ...)
{
    if (level <= level_shown) {
        va_list values;
        va_start(values, format);
        write_record(level, NULL, format, values);
        va_end(values);
    }
}

void log_feed(enum log_level level, const char *feed, const char *format, ...)
{
    if (level <= level_shown) {
        va_list values;
        va_start(values, format);
        write_record(level, feed, format, values);
        va_end(values);
    }
}
