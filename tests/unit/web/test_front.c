#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/attributes.h"
#include "web/server/front.h"

static struct front front;

static int behind_proxies(void **state)
{
    static struct config_word words[] = {
        {"127.0.0.1", 1}, {"10.1.0.0/20", 1}, {"2001:db8::/33", 1}};
    const struct config_server server = {
        .base_path = "/news/desk", .proxies = {words, array_count(words)}};
    front_configure(&front, &server);
    return 0;
}

static int released(void **state)
{
    front_release(&front);
    return 0;
}

static void the_prefix_is_taken_where_it_stands_whole(void **state)
{
    static const char *const paths[][2] = {
        {"/news/desk/draft.md", "/draft.md"},
        {"/news/desk/", "/"},
        {"/news/desk", "/"},
        {"/news/desktop", "/news/desktop"},
        {"/draft.md", "/draft.md"}, /* the proxy took it away */
        {"/news/desk/news/desk/x", "/news/desk/x"},
        {"/", "/"},
        {"*", "*"},
    };
    for (size_t i = 0; i < array_count(paths); i++) {
        char path[64];
        strcpy(path, paths[i][0]);
        front_strip(&front, path);
        assert_string_equal(path, paths[i][1]);
    }
    char path[] = "/news/desk/x";
    front_strip(&(struct front){0}, path);
    assert_string_equal(path, "/news/desk/x");
}

static void the_client_is_the_nearest_address_that_is_no_proxy_of_ours(void **state)
{
    static const struct {
        const char *peer, *forwarded, *client;
    } cases[] = {
        {"127.0.0.1", "203.0.113.7", "203.0.113.7"},
        {"127.0.0.1", NULL, "127.0.0.1"},
        {"127.0.0.1", "", "127.0.0.1"},
        /* what a client claims is left of what our proxy saw */
        {"127.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"},
        {"127.0.0.1", "127.0.0.1, 203.0.113.7", "203.0.113.7"},
        /* through two of ours */
        {"127.0.0.1", "1.1.1.1,203.0.113.7 , 10.1.15.255", "203.0.113.7"},
        {"127.0.0.1", "203.0.113.7, 10.1.16.0", "10.1.16.0"}, /* out of the /20 */
        /* all of them are ours */
        {"127.0.0.1", "10.1.0.1", "10.1.0.1"},
        /* nobody else is believed */
        {"203.0.113.9", "127.0.0.1", "203.0.113.9"},
        {"127.0.0.2", "203.0.113.7", "127.0.0.2"},
        {"192.0.2.1", "203.0.113.7, 127.0.0.1", "192.0.2.1"},
        /* forms */
        {"127.0.0.1", "203.0.113.7:4711", "203.0.113.7"},
        {"127.0.0.1", "[2001:DB9::1]:443", "2001:db9::1"},
        {"127.0.0.1", "2001:db9::1", "2001:db9::1"},
        {"127.0.0.1", "9.9.9.9, 2001:db8:7fff::1", "9.9.9.9"},
        {"127.0.0.1", "9.9.9.9, 2001:db8:8000::1", "2001:db8:8000::1"},
        {"::ffff:127.0.0.1", "9.9.9.9", "9.9.9.9"},
        /* not addresses: the nearest that is one counts */
        {"127.0.0.1", "9.9.9.9, unknown", "127.0.0.1"},
        {"127.0.0.1", "9.9.9.9, ,", "127.0.0.1"},
        {"127.0.0.1", ",,,", "127.0.0.1"},
        {"127.0.0.1", "9.9.9.9\t", "9.9.9.9"},
        {"127.0.0.1", "[::1", "127.0.0.1"},
        {"127.0.0.1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "127.0.0.1"},
        {"", "9.9.9.9", ""},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        char out[INET6_ADDRSTRLEN];
        front_client(&front, cases[i].peer, cases[i].forwarded, out);
        if (strcmp(out, cases[i].client) != 0) {
            fail_msg("%s through %s: %s instead of %s", cases[i].forwarded, cases[i].peer, out,
                cases[i].client);
        }
    }
}

static void tls_is_a_proxy_s_word_and_the_nearest_one_s(void **state)
{
    assert_true(front_is_secure(&front, "127.0.0.1", "https"));
    assert_true(front_is_secure(&front, "127.0.0.1", "http, HTTPS"));
    assert_false(front_is_secure(&front, "127.0.0.1", "https, http"));
    assert_false(front_is_secure(&front, "127.0.0.1", "httpsx"));
    assert_false(front_is_secure(&front, "127.0.0.1", NULL));
    assert_false(front_is_secure(&front, "203.0.113.7", "https"));
    assert_false(front_is_secure(&(struct front){0}, "127.0.0.1", "https"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_prefix_is_taken_where_it_stands_whole),
        cmocka_unit_test(the_client_is_the_nearest_address_that_is_no_proxy_of_ours),
        cmocka_unit_test(tls_is_a_proxy_s_word_and_the_nearest_one_s),
    };
    return cmocka_run_group_tests(tests, behind_proxies, released);
}
