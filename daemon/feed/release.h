/* What a tag of a repository says about the release under it. PURE.
 *
 * GitHub's releases.atom mixes releases, prereleases, plain tags and the tags of test machines,
 * and marks none of them; the name of the tag is all there is to go by.
 */
#ifndef FEED_RELEASE_H
#define FEED_RELEASE_H

#include <stdbool.h>

enum release_kind {
    RELEASE_FINAL,
    RELEASE_PREVIEW, /* rc, alpha, beta, nightly, dev, ciflow/… */
    RELEASE_BUILD,   /* one of a numbered series that comes several times a day: b4567 */
};

enum release_kind release_kind_of_tag(const char *tag);

/* True when `notes` (plain text, may be NULL) say nothing: none, or GitHub's own "No content."
 */
bool release_notes_are_empty(const char *notes);

#endif
