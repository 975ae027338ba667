#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "feed/release.h"

static const struct {
    const char *tag;
    enum release_kind kind;
} tags[] = {
    {"20240102", RELEASE_FINAL},
    {"v1.2.3", RELEASE_FINAL},
    {"v1.2.0-rc1", RELEASE_PREVIEW},
    {"v1.2.0.RC2", RELEASE_PREVIEW},
    {"2.0.0a1", RELEASE_PREVIEW},
    {"v2.0b3", RELEASE_PREVIEW},
    {"2.0.0.dev20260801", RELEASE_PREVIEW},
    {"2.0.0.post1", RELEASE_FINAL},
    {"nightly", RELEASE_PREVIEW},
    {"nightly-2026-08-01", RELEASE_PREVIEW},
    {"v0.0.0-test", RELEASE_PREVIEW},
    {"ciflow/trunk/171234", RELEASE_PREVIEW},
    {"viable/strict/1755", RELEASE_PREVIEW},
    {"preview-user-items", RELEASE_PREVIEW},
    {"v15.0.0-next.3", RELEASE_PREVIEW},
    {"alphafold-v2.3", RELEASE_FINAL}, /* a word that begins like one */
    {"v1.0-betamax", RELEASE_FINAL},
    {"r1.0-source", RELEASE_FINAL},
    {"contest-v1", RELEASE_FINAL},
    {"v1a", RELEASE_FINAL}, /* a letter at the end is a patch level */
    {"b4567", RELEASE_BUILD},
    {"b999", RELEASE_BUILD},
    {"b1", RELEASE_FINAL},
    {"b1.2", RELEASE_FINAL},
    {"build-1234", RELEASE_BUILD},
    {"master-5bf8bd5", RELEASE_BUILD},
    {"master-345-5bf8bd5", RELEASE_BUILD},
    {"master-", RELEASE_FINAL},
    {"master-branch", RELEASE_FINAL},
    {"", RELEASE_FINAL},
    {"正式版-1.0", RELEASE_FINAL},
};

static void a_tag_says_what_its_release_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_count(tags); i++) {
        if (release_kind_of_tag(tags[i].tag) != tags[i].kind) {
            fail_msg("%s is taken for %d", tags[i].tag, release_kind_of_tag(tags[i].tag));
        }
    }
}

static void no_content_is_no_notes(void **state)
{
    (void)state;
    assert_true(release_notes_are_empty(NULL));
    assert_true(release_notes_are_empty(" \n"));
    assert_true(release_notes_are_empty("No content."));
    assert_false(release_notes_are_empty("No content. But then some."));
    assert_false(release_notes_are_empty("Fixes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_says_what_its_release_is),
        cmocka_unit_test(no_content_is_no_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
