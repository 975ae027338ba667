#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/attributes.h"
#include "feed/xml_mend.h"
#include "feed/xml_reader.h"

struct mend_case {
    const char *broken, *mended;
};

static void check(const struct mend_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buffer out;
        buffer_init(&out, 1 << 16);
        assert_true(xml_mend(cases[i].broken, strlen(cases[i].broken), &out));
        assert_string_equal(out.data, cases[i].mended);
        buffer_release(&out);
    }
}

static void what_is_well_formed_stays_as_it_is(void **state)
{
    static const struct mend_case cases[] = {
        {"<rss><a x=\"1\">t &amp; &#8217;<![CDATA[<b> & ]]></a><c/></rss>",
            "<rss><a x=\"1\">t &amp; &#8217;<![CDATA[<b> & ]]></a><c/></rss>"},
    };
    check(cases, array_count(cases));
}

static void an_end_tag_closes_down_to_its_partner_or_is_dropped(void **state)
{
    static const struct mend_case cases[] = {
        {"<rss><p>a<b>c</p></rss>", "<rss><p>a<b>c</b></p></rss>"},
        {"<rss><p>a</b>c</p></rss>", "<rss><p>ac</p></rss>"},
        {"<rss><p>a", "<rss><p>a</p></rss>"},
        {"<rss><P>a</p></rss>", "<rss><P>a</P></rss>"},
        {"<rss></rss", "<rss></rss>"},
        {"<rss>a</rss><script>b</script>", "<rss>a</rss>"},
    };
    check(cases, array_count(cases));
}

static void facts_of_feeds_decide_where_an_element_ended(void **state)
{
    static const struct mend_case cases[] = {
        {"<rss><item><title>a<link>b</link></item></rss>",
            "<rss><item><title>a</title><link>b</link></item></rss>"},
        {"<rss><item><title>a</title><item><title>b</title></rss>",
            "<rss><item><title>a</title></item><item><title>b</title></item></rss>"},
        {"<rss><description>a<br>b<title>c</description></rss>",
            "<rss><description>a<br/>b<title>c</title></description></rss>"},
    };
    check(cases, array_count(cases));
}

static void ampersands_that_begin_no_reference_are_text(void **state)
{
    static const struct mend_case cases[] = {
        {"<rss>R&D & AT&T; a&b=c &", "<rss>R&amp;D &amp; AT&amp;T; a&amp;b=c &amp;</rss>"},
        {"<rss>&nbsp;&eacute;&unknown;", "<rss>&nbsp;&eacute;&amp;unknown;</rss>"},
        {"<rss>&#x2019;&#0;&#xD800;&#99999999999999999999;",
            "<rss>&#8217;&#65533;&#65533;&#65533;</rss>"},
        {"<rss a='x&y=1&amp;z'>", "<rss a=\"x&amp;y=1&amp;z\"></rss>"},
    };
    check(cases, array_count(cases));
}

static void control_characters_vanish_everywhere(void **state)
{
    static const struct mend_case cases[] = {
        {"<rss>a\x01\x0b"
         "b<![CDATA[c\x1f"
         "d]]></rss>",
            "<rss>ab<![CDATA[cd]]></rss>"},
        {"<rss\x02 a=\"b\x03\">", "<rss a=\"b\"></rss>"},
    };
    check(cases, array_count(cases));
}

static void attributes_get_quotes_and_are_kept_once(void **state)
{
    static const struct mend_case cases[] = {
        {"<rss><a x=1 y='\"' z x=2/></rss>", "<rss><a x=\"1\" y=\"&quot;\" z=\"\"/></rss>"},
        {"<rss><a x=http://e/?a=b&c/></rss>", "<rss><a x=\"http://e/?a=b&amp;c\"/></rss>"},
        {"<rss><a x=\"1><b>t</b></rss>", "<rss><a x=\"1\"><b>t</b></a></rss>"},
        {"<rss><a x=\"a<b\">t</a></rss>", "<rss><a x=\"a&lt;b\">t</a></rss>"},
    };
    check(cases, array_count(cases));
}

static void what_is_no_markup_is_text(void **state)
{
    static const struct mend_case cases[] = {
        {"<rss>1 < 2 > 0 <3 </ x", "<rss>1 &lt; 2 &gt; 0 &lt;3 &lt;/ x</rss>"},
        {"<rss>a]]>b</rss>", "<rss>a]]&gt;b</rss>"},
        {"<rss><a x=", "<rss></rss>"}, /* cut in a tag: it never was */
        {"<rss>a<", "<rss>a</rss>"},
        {"<rss", ""},
    };
    check(cases, array_count(cases));
}

static void junk_around_the_feed_is_dropped(void **state)
{
    static const struct mend_case cases[] = {
        {"<b>Warning</b>: x\n<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss>t</rss>",
            "<rss>t</rss>"},
        {"<!-- <rss> in a comment is rare --><feed>t<!-- c --></feed>",
            "<rss> in a comment is rare --&gt;<feed>t</feed></rss>"},
        {"x<a:feed y='1'>t", "<a:feed y=\"1\">t</a:feed>"},
        {"<rss>a<!DOCTYPE x [ <!ENTITY a 'b'> ]>中</rss>", "<rss>a中</rss>"},
        {"x<rdf:RDF>t<?php echo 1 ?>u", "<rdf:RDF>tu</rdf:RDF>"},
    };
    check(cases, array_count(cases));
}

static void cdata_without_end_ends_with_its_element(void **state)
{
    static const struct mend_case cases[] = {
        {"<rss><d><![CDATA[a <b> c</d><t>u</t></rss>",
            "<rss><d><![CDATA[a <b> c]]></d><t>u</t></rss>"},
        {"<rss><d><![CDATA[a", "<rss><d><![CDATA[a]]></d></rss>"},
    };
    check(cases, array_count(cases));
}

static void text_without_a_feed_root_is_left_alone(void **state)
{
    static const char *const texts[] = {"", "<", "plain", "<html><p>x", "<rssx>"};
    for (size_t i = 0; i < array_count(texts); i++) {
        struct buffer out;
        buffer_init(&out, 100);
        assert_false(xml_mend(texts[i], strlen(texts[i]), &out));
        assert_int_equal(out.length, 0);
        buffer_release(&out);
    }
}

static bool ignore_start(void *context, const struct xml_tag *tag)
{
    return true;
}

static void ignore_end(void *context)
{
}

static void ignore_text(void *context, const char *text, size_t length)
{
}

/* Any mixture of the tokens that trouble parsers becomes XML, and stays UTF-8. */
static void whatever_is_mended_is_well_formed(void **state)
{
    static const char *const tokens[] = {"<rss>", "<item>", "</item>", "<title>", "</title>",
        "<link>", "</link>", "<description>", "</description>", "<br>", "</rss>", "<", "</",
        ">", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!DOCTYPE x [", "]>", "&",
        "&amp;", "&#1;", "&#xFFFE;", "&nbsp;", "&x;", "a=", "\"", "'", "=", " ", "x", "\x01",
        "中", "<a b='c'", "<a b=\"", "<b:c d:e=\"f\">"};
    const struct xml_handlers handlers = {
        .start = ignore_start, .end = ignore_end, .text = ignore_text};
    uint64_t random = 1;
    for (int i = 0; i < 5000; i++) {
        char text[1024] = "<rss>";
        for (int count = i % 40; count > 0; count--) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            strcat(text, tokens[(random >> 33) % array_count(tokens)]);
        }
        struct buffer out;
        buffer_init(&out, 1 << 16);
        assert_true(xml_mend(text, strlen(text), &out));
        struct arena arena;
        arena_init(&arena);
        struct xml_outcome outcome;
        struct fault fault;
        assert_true(xml_read(&arena, out.data, out.length, false, &handlers, &outcome, &fault));
        if (outcome.fatal && out.length > 0) {
            fail_msg("%s\n became %s\n where %s", text, out.data, outcome.problem);
        }
        arena_release(&arena);
        buffer_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_well_formed_stays_as_it_is),
        cmocka_unit_test(an_end_tag_closes_down_to_its_partner_or_is_dropped),
        cmocka_unit_test(facts_of_feeds_decide_where_an_element_ended),
        cmocka_unit_test(ampersands_that_begin_no_reference_are_text),
        cmocka_unit_test(control_characters_vanish_everywhere),
        cmocka_unit_test(attributes_get_quotes_and_are_kept_once),
        cmocka_unit_test(what_is_no_markup_is_text),
        cmocka_unit_test(junk_around_the_feed_is_dropped),
        cmocka_unit_test(cdata_without_end_ends_with_its_element),
        cmocka_unit_test(text_without_a_feed_root_is_left_alone),
        cmocka_unit_test(whatever_is_mended_is_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
