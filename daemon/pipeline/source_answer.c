/* An answer is looked at in two places: an error page on the loop, where it is only searched
 * for phrases, and a document on the worker, once the parser has said what it holds. */
#include "pipeline/source_answer.h"

#include <string.h>

#include "base/clock.h"
#include "feed/source.h"
#include "feed/source_note.h"

static void set_note(struct feed_state *state, enum source_note note)
{
    state->note = source_note_words(note)->word;
}

/* What the old note said of an error is over; what it said of the last document holds as long
 * as the source says that this has not changed. */
static const char *note_of_document(const struct feed_state *old)
{
    return source_note_of_word(old->note) == SOURCE_NOTE_NO_ARTICLES ? old->note : NULL;
}

static void name_failure(struct feed_state *state, struct arena *arena, enum source_note note,
    const char *detail, size_t length)
{
    const char *sentence = source_note_words(note)->english;
    state->error = length == 0 ? sentence
                               : arena_printf(arena, "%s: %.*s", sentence, (int)length, detail);
    set_note(state, note);
}

/* The state as after a 304, but for the body the source did not repeat. */
static void forgive(struct feed_state *state, enum source_note note)
{
    state->last_success_utc_s = state->last_poll_utc_s;
    state->error = NULL;
    state->error_kind = NULL;
    state->gone = false;
    set_note(state, note);
}

void source_answer_read(struct feed_state *state, struct arena *arena,
    const struct config_feed *feed, const struct http_response *response,
    enum outcome_kind *outcome)
{
    state->note = *outcome == OUTCOME_NOT_MODIFIED ? note_of_document(state) : NULL;
    if (*outcome != OUTCOME_FAILED || response == NULL || response->body_length == 0) {
        return;
    }
    const char *detail;
    size_t length;
    enum source_note note = source_note_of_answer(source_kind(feed), response->status,
        response->body, response->body_length, &detail, &length);
    if (note == SOURCE_NOTE_NONE) {
        return;
    }
    if (source_note_words(note)->failure) {
        name_failure(state, arena, note, detail, length);
    } else {
        forgive(state, note);
        *outcome = OUTCOME_NOT_MODIFIED;
    }
}

void source_answer_settle(
    struct feed_state *state, const struct feed_state *old, const struct document *document)
{
    state->note = document->unchanged ? note_of_document(old)
                                      : source_note_words(document->note)->word;
}

static void refuse_as(struct document *document, enum source_note note)
{
    document->note = note;
    document->parsed = false;
    (void)fault_set(&document->fault, FAULT_PARSE, "%s", source_note_words(note)->english);
}

void source_answer_inspect(struct document *document, const char *body, size_t length)
{
    enum config_kind kind = source_kind(document->feed);
    bool empty = document->parsed && document->feed_document->entry_count == 0;
    if (document->parsed && source_is_comments(document->feed, document->feed_document)) {
        refuse_as(document, SOURCE_NOTE_COMMENTS);
    } else if (!document->parsed || empty) {
        const char *detail;
        size_t detail_length;
        enum source_note note = source_note_of_answer(
            kind, 200, body, length, &detail, &detail_length);
        if (note != SOURCE_NOTE_NONE && source_note_words(note)->failure) {
            refuse_as(document, note);
        } else if (empty && kind == CONFIG_KIND_WECHAT) {
            document->note = SOURCE_NOTE_NO_ARTICLES;
        }
    }
}
