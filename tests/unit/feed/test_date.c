#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "feed/date.h"

struct date_case {
    const char *text;
    const char *iso; /* NULL: no date */
};

static void check(const struct date_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t utc_s = feed_date_parse(cases[i].text);
        char iso[CLOCK_ISO_BYTES] = "none";
        if (utc_s != CLOCK_NONE) {
            clock_format_iso(utc_s, iso);
        }
        const char *want = cases[i].iso == NULL ? "none" : cases[i].iso;
        if (strcmp(iso, want) != 0) {
            fail_msg("\"%s\": want %s, got %s", cases[i].text, want, iso);
        }
    }
}

static void rfc_822_dates_are_read_with_their_usual_mistakes(void **state)
{
    static const struct date_case cases[] = {
        {"Thu, 17 Sep 2020 14:03:09 +0800", "2020-09-17T06:03:09Z"},
        {"17 Sep 2020 14:03 GMT", "2020-09-17T14:03:00Z"},
        {"Thu,17 Sep 2020 14:03:09 GMT", "2020-09-17T14:03:09Z"},
        {"Wrongday, 17 Sept. 2020 14:03:09 +08:00", "2020-09-17T06:03:09Z"},
        {"THU, 17 SEPTEMBER 2020 14:03:09 UT", "2020-09-17T14:03:09Z"},
        {"  Thu, 17 Sep 20 14:03:09 Z\n", "2020-09-17T14:03:09Z"},
        {"Thu, 17 Sep 98 14:03:09 GMT", "1998-09-17T14:03:09Z"},
        {"Thu, 17 Sep 2020 14:03:09 GMT+0800", "2020-09-17T06:03:09Z"},
        {"Thu, 17 Sep 2020 14:03:09 +0800 (CST)", "2020-09-17T06:03:09Z"},
        {"Thu, 17 Sep 2020 24:00:00 GMT", "2020-09-18T00:00:00Z"},
        {"Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"},
        {"Thu, 17 Sep 2020", "2020-09-17T00:00:00Z"},
        {"17 Sep 2020 7:3:9 GMT", "2020-09-17T07:03:09Z"},
        {"Sep 17, 2020 2:03 pm", "2020-09-17T14:03:00Z"},
        {"September 17th, 2020 12:03 a.m.", "2020-09-17T00:03:00Z"},
        {"17-Sep-2020 14:03:09", "2020-09-17T14:03:09Z"},
    };
    check(cases, array_count(cases));
}

static void zones_have_names_and_unknown_ones_are_utc(void **state)
{
    static const struct date_case cases[] = {
        {"17 Sep 2020 14:03 EST", "2020-09-17T19:03:00Z"},
        {"17 Sep 2020 14:03 pdt", "2020-09-17T21:03:00Z"},
        {"17 Sep 2020 14:03 CEST", "2020-09-17T12:03:00Z"},
        {"17 Sep 2020 14:03 JST", "2020-09-17T05:03:00Z"},
        {"17 Sep 2020 14:03 Nowhere", "2020-09-17T14:03:00Z"},
        {"17 Sep 2020 14:03 +9900", "2020-09-17T14:03:00Z"},
        {"17 Sep 2020 14:03 -00:30", "2020-09-17T14:33:00Z"},
        {"2020-09-17 14:03:09 EST", "2020-09-17T19:03:09Z"},
        {"2020-09-17 14:03:09 UTC", "2020-09-17T14:03:09Z"},
    };
    check(cases, array_count(cases));
}

static void iso_8601_is_read_in_its_whole_breadth(void **state)
{
    static const struct date_case cases[] = {
        {"2020", "2020-01-01T00:00:00Z"},
        {"2020-09", "2020-09-01T00:00:00Z"},
        {"2020-09-17", "2020-09-17T00:00:00Z"},
        {"20200917", "2020-09-17T00:00:00Z"},
        {"2020-261", "2020-09-17T00:00:00Z"},
        {"2020-366", "2020-12-31T00:00:00Z"},
        {"2019-366", NULL},
        {"2020-09-17T14:03Z", "2020-09-17T14:03:00Z"},
        {"2020-09-17t14:03:09.987654321+08:00", "2020-09-17T06:03:09Z"},
        {"2020-09-17 14:03:09", "2020-09-17T14:03:09Z"},
        {"2020-09-17T14:03:09 +0800", "2020-09-17T06:03:09Z"},
        {"20200917T140309Z", "2020-09-17T14:03:09Z"},
        {"2020-9-7T4:3:9+01:00", "2020-09-07T03:03:09Z"},
        {"2006-01-17T12:35:1+01:00", "2006-01-17T11:35:01Z"},
        {"2020-09-17T14:03:09-0330", "2020-09-17T17:33:09Z"},
    };
    check(cases, array_count(cases));
}

static void chinese_japanese_and_korean_dates_are_read(void **state)
{
    static const struct date_case cases[] = {
        {"2020年9月17日 14:03", "2020-09-17T14:03:00Z"},
        {"2020年09月17日14时03分09秒", "2020-09-17T14:03:09Z"},
        {"2020 年 9 月 17 日 下午 2:03", "2020-09-17T14:03:00Z"},
        {"2020年9月17号 上午12点03分", "2020-09-17T00:03:00Z"},
        {"2020年9月17日 星期四 14：03", "2020-09-17T14:03:00Z"},
        {"2020년 9월 17일", "2020-09-17T00:00:00Z"},
        {"2020年13月1日", NULL},
    };
    check(cases, array_count(cases));
}

static void numbers_alone_are_ordered_by_their_marks(void **state)
{
    static const struct date_case cases[] = {
        {"9/17/2020 14:03", "2020-09-17T14:03:00Z"},
        {"17/9/2020", "2020-09-17T00:00:00Z"}, /* no 17th month */
        {"7.9.2020 14:03", "2020-09-07T14:03:00Z"},
        {"2020/09/17 14:03:09", "2020-09-17T14:03:09Z"}, {"2020.09.17", "2020-09-17T00:00:00Z"},
        {"Thu Sep 17 14:03:09 2020", "2020-09-17T14:03:09Z"},     /* asctime */
        {"Thu Sep 17 14:03:09 CST 2020", "2020-09-17T20:03:09Z"}, /* date(1) */
    };
    check(cases, array_count(cases));
}

static void months_have_names_in_other_languages(void **state)
{
    static const struct date_case cases[] = {
        {"17 septembre 2020 14:03", "2020-09-17T14:03:00Z"},
        {"3 août 2020", "2020-08-03T00:00:00Z"},
        {"5. März 2020", "2020-03-05T00:00:00Z"},
        {"Mo, 5 Okt 2020 10:00:00 +0200", "2020-10-05T08:00:00Z"},
        {"17 сентября 2020 г. 14:03", "2020-09-17T14:03:00Z"},
        {"mar, 17 dic 2019 10:00:00 +0100", "2019-12-17T09:00:00Z"},
        {"1 juin 2020", "2020-06-01T00:00:00Z"},
        {"1 juillet 2020", "2020-07-01T00:00:00Z"},
    };
    check(cases, array_count(cases));
}

static void what_is_no_date_or_an_absurd_one_is_none(void **state)
{
    static const struct date_case cases[] = {
        {NULL, NULL},
        {"", NULL},
        {"   ", NULL},
        {"yesterday", NULL},
        {"31 Feb 2020 00:00 GMT", NULL},
        {"2020-02-30", NULL},
        {"2020-13-01", NULL},
        {"2020-00-00", NULL},
        {"0001-01-01T00:00:00Z", NULL},
        {"Mon, 01 Jan 0001 00:00:00 +0000", NULL},
        {"9999-12-31", NULL},
        {"17 Sep 2020 25:00", NULL},
        {"17 Sep 2020 10:61", NULL},
        {"99999999999999999999999", NULL},
        {"\xff\xfe\x80", NULL},
        {"Sep Sep Sep", NULL},
        {":::::+-+-+", NULL},
    };
    check(cases, array_count(cases));
}

/* Whatever the bytes, the scanner ends and stays inside the text (sanitizers watch). */
static void no_prefix_of_any_date_confuses_the_scanner(void **state)
{
    const char *texts[] = {"Thu, 17 Sept. 2020 14:03:09.123 +08:00 (CST)",
        "2020-09-17T14:03:09.987+08:00", "2020年9月17日 下午2：03", "17.09.2020 06:03 a.m. +"};
    for (size_t i = 0; i < array_count(texts); i++) {
        for (size_t length = 0; length <= strlen(texts[i]); length++) {
            char *prefix = strndup(texts[i], length);
            int64_t utc_s = feed_date_parse(prefix);
            assert_true(utc_s == CLOCK_NONE || (utc_s > -2208988801 && utc_s < 7289654400));
            free(prefix);
        }
    }
}

static void digits_of_other_scripts_and_programs_are_read(void **state)
{
    static const struct date_case cases[] = {
        {"２０２０年９月１７日", "2020-09-17T00:00:00Z"},
        {"二〇二〇年九月十七日", "2020-09-17T00:00:00Z"},
        {"二零二一年十二月三十一日 十点零五分", "2021-12-31T10:05:00Z"},
        {"星期四, 17 九月 2020 14:03:09 +0800", "2020-09-17T06:03:09Z"},
        {"周二, 20 十月 2020 14:03:09 +0800", "2020-10-20T06:03:09Z"},
        {"2020-09-17 下午 02:03:09", "2020-09-17T14:03:09Z"},
        {"Thu, 17 Sep 2020 14.03.09 +0000", "2020-09-17T14:03:09Z"},
        {"2020-09-17T14:03:09 Asia/Shanghai", "2020-09-17T06:03:09Z"},
        {"2020-09-17 14:03:09 北京时间", "2020-09-17T06:03:09Z"},
        {"2020-09-17 14:03:09 +0800 CST", "2020-09-17T06:03:09Z"},
        {"Thu, 17 Sep 2020 14:03:09 +0800 CST", "2020-09-17T06:03:09Z"},
        {"1600264989", "2020-09-16T14:03:09Z"},
        {"1600264989000", "2020-09-16T14:03:09Z"},
        {"9876543210", NULL},
        {"160026498", NULL},
    };
    check(cases, array_count(cases));
}

static void assert_relative(const char *text, const char *iso)
{
    static const int64_t now_utc_s = 1600322589; /* 2020-09-17T06:03:09Z, 14:03 in China */
    int64_t utc_s = feed_date_parse_relative(text, now_utc_s);
    char got[CLOCK_ISO_BYTES] = "none";
    if (utc_s != CLOCK_NONE) {
        clock_format_iso(utc_s, got);
    }
    if (strcmp(got, iso) != 0) {
        fail_msg("\"%s\": want %s, got %s", text, iso, got);
    }
}

static void distances_are_dates_beside_the_time_of_reading(void **state)
{
    assert_relative("2小时前", "2020-09-17T04:03:09Z");
    assert_relative("约 15 分钟前", "2020-09-17T05:48:09Z");
    assert_relative("半小时前", "2020-09-17T05:33:09Z");
    assert_relative("三天前", "2020-09-14T06:03:09Z");
    assert_relative("刚刚", "2020-09-17T06:03:09Z");
    assert_relative("昨天 12:30", "2020-09-16T04:30:00Z");
    assert_relative("前天", "2020-09-14T16:00:00Z");
    assert_relative("9月17日 8:05", "2020-09-17T00:05:00Z");
    assert_relative("12月31日", "2019-12-30T16:00:00Z"); /* not the one to come */
    assert_relative("3 hours ago", "2020-09-17T03:03:09Z");
    assert_relative("an hour ago", "2020-09-17T05:03:09Z");
    assert_relative("yesterday at 08:00", "2020-09-16T08:00:00Z");
    assert_relative("2小时后", "none");
    assert_relative("昨天 25:00", "none");
    assert_relative("2小时前更新的文章", "none");
    assert_relative("13月40日", "none");
    assert_relative("", "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_822_dates_are_read_with_their_usual_mistakes),
        cmocka_unit_test(zones_have_names_and_unknown_ones_are_utc),
        cmocka_unit_test(iso_8601_is_read_in_its_whole_breadth),
        cmocka_unit_test(chinese_japanese_and_korean_dates_are_read),
        cmocka_unit_test(numbers_alone_are_ordered_by_their_marks),
        cmocka_unit_test(months_have_names_in_other_languages),
        cmocka_unit_test(what_is_no_date_or_an_absurd_one_is_none),
        cmocka_unit_test(no_prefix_of_any_date_confuses_the_scanner),
        cmocka_unit_test(digits_of_other_scripts_and_programs_are_read),
        cmocka_unit_test(distances_are_dates_beside_the_time_of_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
