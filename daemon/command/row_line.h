/* Rows of the database as lines of an export (command/export.c has the format). */
#ifndef COMMAND_ROW_LINE_H
#define COMMAND_ROW_LINE_H

#include "base/buffer.h"
#include "storage/transfer.h"

enum {
    ROW_LINE_VERSION = 1,
    ROW_LINE_MAX_BYTES = 64 << 20, /* of one line: an issue, or a page of the web */
};

/* The first line: what follows. */
struct row_head {
    int version, schema;
    bool with_secrets;
};
void row_head_write(const struct row_head *head, struct buffer *out);

/* A row as a line, with its end. */
void row_line_write(const struct transfer_row *row, struct buffer *out);

/* The last line: how many rows there were, so that a file that was cut is known. */
void row_end_write(size_t rows, struct buffer *out);

/* What a line is. */
enum row_line_kind { ROW_LINE_HEAD, ROW_LINE_ROW, ROW_LINE_END };
struct row_line {
    enum row_line_kind kind;
    struct row_head head;
    struct transfer_row row; /* lives in the arena */
    size_t rows;
};

/* FAULT_PARSE with what is wrong with it. */
must_check bool row_line_read(struct arena *arena, const char *text, size_t length,
    struct row_line *ret_line, struct fault *fault);

#endif
