#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "briefing/headline.h"
#include "briefing/pick.h"

static void a_title_that_is_only_a_version_takes_the_repository(void **state)
{
    (void)state;
    static const char *const bare[] = {"20240102", "v0.2.0", "b4999", "Release 1.4",
        "version v2.0.0-rc1", "V3", "1.0.0+cu121"};
    static const char *const told[] = {"v0.2.0: faster on Arm", "ncnn 20240102", "MNN 3.0",
        "Release notes", "1.0 is here", "beta", ""};
    for (size_t i = 0; i < array_count(bare); i++) {
        assert_string_equal(headline_project_of_version(bare[i], "Tencent/ncnn"), "ncnn");
    }
    for (size_t i = 0; i < array_count(told); i++) {
        assert_null(headline_project_of_version(told[i], "Tencent/ncnn"));
    }
    assert_null(headline_project_of_version("v0.2.0", NULL));
    assert_null(headline_project_of_version(NULL, "Tencent/ncnn"));
}

static void only_forms_that_do_not_print_the_repository_put_it_into_the_title(void **state)
{
    (void)state;
    cleanup(arena_release) struct arena arena = {0};
    struct config config = {.briefing.summary_length = 100};
    struct candidate candidate = {.key = "github:tencent/ncnn@20240102",
        .title = "20240102",
        .url = "https://github.com/Tencent/ncnn/releases/tag/20240102",
        .prefix = "Tencent/ncnn"};
    struct issue_item line = pick_build(&arena, &config, CONFIG_FORM_ONELINE, &candidate);
    assert_string_equal(line.title, "ncnn 20240102");
    struct issue_item project = pick_build(&arena, &config, CONFIG_FORM_PROJECT, &candidate);
    assert_string_equal(project.title, "20240102");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_that_is_only_a_version_takes_the_repository),
        cmocka_unit_test(only_forms_that_do_not_print_the_repository_put_it_into_the_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
