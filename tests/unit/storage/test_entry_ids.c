#include "fixture.h"

#include "storage/entry_ids.h"

static struct entry_id *build(
    struct fixture *fixture, const char *const (*pairs)[2], size_t count)
{
    struct store_entry *entries = arena_new_array(&fixture->arena, struct store_entry, count);
    for (size_t i = 0; i < count; i++) {
        entries[i] = (struct store_entry){.guid = pairs[i][0], .key = pairs[i][1]};
    }
    return entry_ids_build(&fixture->arena, entries, count);
}

static void an_orderly_document_has_nothing_marked(void **state)
{
    static const char *const pairs[][2] = {{"g1", "k1"}, {"g2", "k2"}, {"g3", "k3"}};
    struct entry_id *ids = build(*state, pairs, 3);
    for (int i = 0; i < 3; i++) {
        assert_false(ids[i].shared_guid || ids[i].repeats_entry || ids[i].repeats_key);
        assert_int_not_equal(ids[i].guid_hash, ids[i].shared_hash);
    }
    assert_int_not_equal(ids[0].guid_hash, ids[1].guid_hash);
}

static void a_guid_of_two_keys_is_shared_by_all_its_entries(void **state)
{
    static const char *const pairs[][2] = {
        {"g", "k1"}, {"other", "k3"}, {"g", "k2"}, {"g", "k1"}};
    struct entry_id *ids = build(*state, pairs, 4);
    assert_true(ids[0].shared_guid && ids[2].shared_guid && ids[3].shared_guid);
    assert_false(ids[1].shared_guid);
    assert_int_not_equal(ids[0].shared_hash, ids[2].shared_hash);
    assert_int_equal(ids[0].shared_hash, ids[3].shared_hash);
    assert_true(ids[3].repeats_entry);
    assert_false(ids[0].repeats_entry || ids[2].repeats_entry);
}

static void the_first_of_equal_entries_is_the_one_that_counts(void **state)
{
    static const char *const pairs[][2] = {{"g1", "k"}, {"g2", "k"}, {"g1", "k"}, {"g1", "k"}};
    struct entry_id *ids = build(*state, pairs, 4);
    assert_false(ids[0].repeats_entry || ids[0].repeats_key);
    assert_false(ids[1].repeats_entry);
    assert_true(ids[1].repeats_key);
    assert_true(ids[2].repeats_entry && ids[3].repeats_entry);
    assert_false(ids[0].shared_guid);
}

static void a_document_without_entries_is_harmless(void **state)
{
    struct fixture *fixture = *state;
    assert_null(entry_ids_build(&fixture->arena, NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(an_orderly_document_has_nothing_marked),
        storage_test(a_guid_of_two_keys_is_shared_by_all_its_entries),
        storage_test(the_first_of_equal_entries_is_the_one_that_counts),
        storage_test(a_document_without_entries_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
