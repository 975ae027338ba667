/* One document, written by jansson because the target and the detail may hold anything. */
#include "web/server/problem.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/fault.h"
#include "web/server/json.h"
#include "web/server/refusal.h"

enum {
    INSTANCE_MAX = 256, /* enough to recognise the request in a log */
    CHINESE_MAX_BYTES = 8192,
};

const char *problem_title(int status)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {409, "Conflict"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        if (titles[i].status == status) {
            return titles[i].title;
        }
    }
    return "Error";
}

void problem_write(
    int status, const char *detail, const char *instance, const char *more, struct buffer *out)
{
    char *cut = strndup(instance, INSTANCE_MAX);
    if (cut == NULL) {
        memory_exhausted();
    }
    cleanup(buffer_release) struct buffer chinese;
    buffer_init(&chinese, CHINESE_MAX_BYTES);
    const char *code = refusal_write(status, detail, &chinese);
    json_t *document = json_pack("{s:s, s:s, s:i, s:o, s:o, s:s, s:o}", "type", "about:blank",
        "title", problem_title(status), "status", status, "detail", json_text(detail),
        "instance", json_text(cut), "code", code, "detail_zh", json_text(chinese.data));
    char *text = document == NULL ? NULL : json_dumps(document, JSON_COMPACT);
    if (text == NULL) {
        memory_exhausted(); /* every string is valid UTF-8 by now: only memory can be missing */
    }
    buffer_append(out, text, strlen(text) - 1);
    buffer_puts(out, more);
    buffer_puts(out, "}\n");
    free(text);
    free(cut);
    json_decref(document);
}
