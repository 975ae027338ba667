/* What a source's answer means beyond its status and its entries, noted in the feed's state.
 *
 * Beside pipeline/outcome.h, which knows HTTP and feeds in general; the table of answers is
 * feed/source_note.h. Strings of the state live in the arena given or are literals.
 */
#ifndef PIPELINE_SOURCE_ANSWER_H
#define PIPELINE_SOURCE_ANSWER_H

#include "pipeline/outcome.h"

/* Call after outcome_of_response(): an error page that the kind of the source explains is named
 * by its sentence; one that means "nothing there at the moment" makes *outcome
 * OUTCOME_NOT_MODIFIED. Loop thread; reads at most 64 KiB of the body. */
void source_answer_read(struct feed_state *state, struct arena *arena,
    const struct config_feed *feed, const struct http_response *response,
    enum outcome_kind *outcome);

/* Call after outcome_accept(), outcome_unchanged() or outcome_refuse(): what the worker noted
 * of the document; for an unchanged one the note of `old` holds. */
void source_answer_settle(
    struct feed_state *state, const struct feed_state *old, const struct document *document);

/* Worker: note what the parsed or refused document of `length` bytes at `body` is, when its
 * kind of source says more than the parser: fills document->note and, when that is a failure,
 * document->fault and clears document->parsed. */
void source_answer_inspect(struct document *document, const char *body, size_t length);

#endif
