/* Lines in, lines out: one line is read and answered before the next, so any number fit. */
#include "command/json_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"

bool json_line_string(
    const json_t *line, const char *name, const char **ret_text, struct fault *fault)
{
    const json_t *value = json_object_get(line, name);
    if (value != NULL && !json_is_null(value) && !json_is_string(value)) {
        return fault_set(fault, FAULT_PARSE, "'%s' must be a string or null", name);
    }
    *ret_text = json_string_value(value);
    return true;
}

bool json_line_run(json_line_answer *answer, void *context, const char *text, size_t length,
    struct buffer *out, struct fault *fault)
{
    if (length > JSON_LINE_MAX_BYTES) {
        return fault_set(fault, FAULT_LIMIT, "longer than %d bytes", JSON_LINE_MAX_BYTES);
    }
    json_error_t error;
    json_t *line = json_loadb(text, length, 0, &error);
    if (line == NULL) {
        return fault_set(fault, FAULT_PARSE, "%s at byte %d", error.text, error.position);
    }
    buffer_clear(out);
    bool answered = json_is_object(line)
        ? answer(context, line, out, fault)
        : fault_set(fault, FAULT_PARSE, "a line must be a JSON object");
    json_decref(line);
    buffer_putc(out, '\n');
    return answered &&
        (!buffer_failed(out) ||
            fault_set(
                fault, FAULT_LIMIT, "the answer is longer than %d bytes", JSON_LINE_MAX_BYTES));
}

int json_lines_run(json_line_answer *answer, void *context)
{
    struct buffer out;
    buffer_init(&out, JSON_LINE_MAX_BYTES);
    char *text = NULL;
    size_t capacity = 0, number = 0;
    ssize_t length;
    bool all = true;
    while ((length = getline(&text, &capacity, stdin)) >= 0) {
        struct fault fault;
        number++;
        if (strspn(text, " \t\r\n") == (size_t)length) {
            continue;
        }
        if (json_line_run(answer, context, text, (size_t)length, &out, &fault)) {
            fwrite(out.data, 1, out.length, stdout);
        } else {
            fprintf(stderr, "briefd: line %zu: %s\n", number, fault.message);
            all = false;
        }
    }
    free(text);
    buffer_release(&out);
    if (ferror(stdin) || fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "briefd: reading the lines or writing the answers failed\n");
        return COMMAND_FAILED;
    }
    return all ? COMMAND_OK : COMMAND_FAILED;
}
