/* /api/v1/drafts/{id}/proof/{form}: the draft as it would be printed now, for the desk's
 * preview.
 *
 * The snapshot behind /draft.md is built once for many readers, some moments after a write, and
 * of the next issue alone; an editor looks at what she has just typed, and also at a
 * correction. Hence a rendering of its own, on a reading connection. It is shown in a frame of
 * the desk and never as a page: it runs nothing, loads nothing, and asks nobody. */
#include <string.h>

#include "briefing/render.h"
#include "web/server/desk_call.h"
#include "web/server/endpoints.h"

static const char proof_policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox";

static const struct render_format *find_form(const char *name)
{
    /* What an editor looks at; the other forms are for programs. */
    static const char *const shown[] = {"md", "html", "wechat", "text"};
    for (size_t i = 0; i < array_count(shown); i++) {
        if (strcmp(shown[i], name) == 0) {
            return render_find_format(name);
        }
    }
    return NULL;
}

static bool show_proof(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const struct render_format *form = find_form(call->parameters[1]);
    struct desk_draft *draft;
    if (form == NULL) {
        return call_not_found(call, fault,
            "A draft is shown as md, html, wechat or text; there is no such form.");
    }
    if (!desk_call_read_draft(call, store, config, &draft, fault)) {
        return false;
    }
    call->media_type = form->media_type;
    call->policy = proof_policy;
    call->version = draft->tag;
    form->write(draft->draft->issue, &call->out);
    return true;
}

const struct endpoint endpoint_draft_proof = {.door = ENDPOINT_READS, .work = show_proof};
