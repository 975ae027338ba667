/* /api/v1/drafts/{id}/proof/{form}: the draft as it would be printed now, for the desk's
 * preview.
 *
 * The snapshot behind /draft.md is built once for many readers, some moments after a write, and
 * of the next issue alone; an editor looks at what she has just typed, and also at a
 * correction. Hence a rendering of its own, on a reading connection. It is shown in a frame of
 * the desk and never as a page: it runs nothing, loads nothing, and asks nobody. */
#include <string.h>

#include "briefing/render.h"
#include "briefing/render_wechat_page.h"
#include "web/server/desk_call.h"
#include "web/server/endpoints.h"

static const char proof_policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox";

/* WeChat's form is no page but what is put into one: its editor copies that, and looks at
 * "article". */
static bool write_form(struct call *call, const char *name, const struct issue *issue)
{
    /* What an editor looks at; the other forms are for programs. */
    static const char *const shown[] = {"md", "html", "wechat", "text"};
    if (strcmp(name, "article") == 0) {
        call->media_type = "text/html; charset=utf-8";
        render_wechat_article(issue, &call->out);
        return true;
    }
    for (size_t i = 0; i < array_count(shown); i++) {
        if (strcmp(shown[i], name) == 0) {
            const struct render_format *form = render_find_format(name);
            call->media_type = form->media_type;
            form->write(issue, &call->out);
            return true;
        }
    }
    return false;
}

static bool show_proof(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_draft *draft;
    if (!desk_call_read_draft(call, store, config, &draft, fault)) {
        return false;
    }
    if (!write_form(call, call->parameters[1], draft->draft->issue)) {
        return call_not_found(call, fault,
            "A draft is shown as md, html, wechat, article or text; there is no such form.");
    }
    call->policy = proof_policy;
    call->version = draft->tag;
    return true;
}

const struct endpoint endpoint_draft_proof = {.door = ENDPOINT_READS, .work = show_proof};
