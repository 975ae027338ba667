#include "command/add_remote.h"

#include "base/json.h"
#include "command/remote.h"

void add_request_write_json(const struct add_request *request, struct buffer *out)
{
    static const char *const kinds[] = {"any", "feed", "item"};
    buffer_puts(out, "{\"url\":");
    json_write_string(request->url, out);
    buffer_printf(out, ",\"as\":\"%s\"", kinds[request->kind]);
    if (request->feed > 0) {
        buffer_printf(out, ",\"feed\":%zu", request->feed);
    }
    buffer_putc(out, '}');
}

bool add_remote(const char *listen, const struct add_request *request, struct buffer *out,
    struct fault *fault)
{
    struct buffer body;
    buffer_init(&body, 1 << 20);
    add_request_write_json(request, &body);
    struct remote_post post = {"/api/v1/add", "application/json", body.data, body.length};
    bool ok = remote_post(listen, &post, out, fault);
    buffer_release(&body);
    return ok;
}
