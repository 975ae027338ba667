/* Tracking parameters, in three tables: names that track wherever they stand, names that track
 * on certain sites only, and names whose value decides.
 *
 * Where the facts come from: the vendors' own pages (Google Analytics and Ads, Matomo, HubSpot,
 * Mailchimp, Adjust, Branch, Marketo, Adobe, Microsoft and Yandex click ids), WeChat's share
 * links as seen, and the evidence collected by AdGuard's TrackParamFilter, ClearURLs' rules and
 * Miniflux' urlcleaner. None of these lists is copied: short names that are content elsewhere
 * (ref, id, source, cid, var) are not taken from them, and families are given by prefix.
 *
 * An unknown parameter always stays: joining two pages is worse than missing that they are one.
 */
#include "feed/url_query.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/url_parts.h"

enum { PARAMETERS_MAX = 256 };

/* Names between blanks, a family a line. A star at the end makes a prefix. Compared without
 * case. */
static const char *const tracking_anywhere[] = {
    /* Google: campaign links, click ids, cross-domain linker, AMP, shopping */
    "utm_* gclid gclsrc dclid gbraid wbraid _ga _gl _gac* usqp srsltid",
    /* campaign links: Matomo, HubSpot, Parse.ly, Humble, Segmentify, Mapp, Coremetrics, others
     */
    "mtm_* matomo_* pk_* piwik_* hsa_* _hs* __hs* hsctatracking itm_* hmb_* _sgm_*",
    "wt_mc* wt_zmc cm_mmc* cm_me cm_cr dpg_* nx_source tracking_source ceneo_spo xtor",
    "campaign_id campaign_medium campaign_name campaign_source campaign_term campaign_content",
    "oprtrack vn_source vn_medium vn_campaign vn_term s_cid sc_cid cmpid adfrom",
    /* click ids: Facebook, X, Microsoft, Yandex, TikTok, Instagram, Pinterest, LinkedIn */
    "fbclid fb_action_* fb_comment_id fb_ref fb_source action_object_map action_ref_map",
    "action_type_map twclid __twitter_impression msclkid yclid ysclid _openstat ttclid",
    "igshid igsh epik li_fat_id",
    /* click ids: Impact, Tradedoubler, ShareASale, Awin and other affiliate networks */
    "irclickid irgwc ir_campaignid ir_adid ir_partnerid tduid sscid awc wickedid rb_clickid",
    "rtkcid aiad_clid admitad_uid unicorn_click_id external_click_id wtrid erid _zucks_suid",
    "famad_xuid asgtbndr ebisadid vc_lpp s_kwcid ef_id",
    /* letters: Mailchimp, Marketo, Vero, Blueshift, Klaviyo, Dynamics, MailerLite, Olytics */
    "mc_cid mc_eid mc_tc mkt_tok vero_* bsft_* _kx _ke _clde* ml_subscriber* oly_* _bhlid",
    "mindbox-* user_email_address",
    /* apps and recommenders: Branch, Adjust, Cxense, Echobox, IO, Readwise, Yahoo */
    "_branch_* adjust_* gps_adid cx_click cx_recs* echobox __readwiselocation __io_lv",
    "_io_session_id guccounter guce_*",
    /* Alibaba's position code; WeChat's share marks; WordPress' comment to answer; sessions */
    "spm spm_id_from isappinstalled wx_header sharer_* mpshare replytocom",
    "phpsessid jsessionid aspsessionid*",
};

/* The domains may be several, the names too. */
static const struct {
    const char *domains;
    const char *names;
} tracking_on_site[] = {
    {"techcrunch.com", "sr_share ncid"},
    {"bbc.com bbc.co.uk", "at_* ns_* ocid pinned_post_locator"},
    {"linkedin.com", "trackingId refId trk trkInfo lipi midToken midSig originalSubdomain eid"},
    {"tiktok.com",
        "u_code preview_pb _d _t _r timestamp user_id share_* source is_from_webapp "
        "is_copy_url sender_device sender_web_id sec_uid sec_user_id tt_from enter_from"},
    {"medium.com", "source sk"},
    {"cnbc.com nbcnews.com", "__source"},
    {"nikkei.com", "adid i_cid n_cid waad"},
    {"sohu.com", "pvid scm _f _trans_ strategyid trace_id qd"},
    {"weibo.com weibo.cn", "weibo_id dt_dapp refer_flag featurecode sourceType from wm"},
    {"newyorker.com wired.com arstechnica.com vogue.com gq.com vanityfair.com",
        "source bxid cndid esrc mbid hasha hashb hashc"},
    {"metro.co.uk dailymail.co.uk thisismoney.co.uk", "ito"},
    {"mozilla.org", "src platform redirect_source"},
    {"github.com", "email_source email_token"},
    {"academic.oup.com", "redirectedFrom login"},
    {"cell.com", "_returnURL"},
    {"sciencedirect.com", "via pes dgcid"},
    {"marketscreener.com",
        "RewriteLast lien aComposeInputSearch countview type_recherche mots "
        "type_recherche_forum noredirect add_mots"},
    {"yle.fi", "origin"},
    {"gamespot.com cnet.com zdnet.com", "PostType ftag TheTime ServiceType UniqueID"},
    {"deeplearning.ai", "ecid"},
    {"nytimes.com",
        "smid smtyp partner emc rref referringSource campaign_id instance_id segment_id "
        "regi_id user_id te nl register"},
    {"bloomberg.com", "srnd sref"},
    {"theguardian.com", "CMP"},
    {"wsj.com barrons.com marketwatch.com", "mod reflink st"},
    {"washingtonpost.com", "wprss itid pwapi_token"},
    {"forbes.com", "sh ss"},
    {"reuters.com", "taid rpc feedType feedName"},
    {"venturebeat.com engadget.com yahoo.com", "ncid"},
    {"infoq.com", "useSponsorshipSuggestions topicPageSponsorship"},
    {"nvidia.com", "nvid ncid"},
    {"intel.com qualcomm.com arm.com amd.com", "cid elq* icid"},
    {"microsoft.com", "ocid wt.mc_id"},
    {"amazon.com amazon.cn", "pf_rd_* pd_rd_* ref_ qid sr linkCode ascsubtag"},
    {"twitter.com x.com", "ref_src ref_url cxt cn t s"},
    {"tmall.com taobao.com",
        "scene abbucket ali_trackid ali_refid ns pvid scm rn sm_pos* utparam "
        "acm algo_pvid"},
    {"aliyun.com alibabacloud.com", "scm source accounttraceid"},
    {"xiaohongshu.com",
        "xsec_token xsec_source share_* app_platform app_version author_share "
        "xhsshare appuid apptime"},
    {"baijiahao.baidu.com", "wfr for"},
    {"csdn.net", "ops_request_misc request_id biz_id depth_1-utm_source"},
    {"36kr.com", "ktm_source channel"},
    {"bilibili.com",
        "share_* bbid ts timestamp unique_k vd_source from_source seid plat_id buvid "
        "is_story_h5 up_id from_spmid"},
    {"zhihu.com", "hb_wx_block share_code scene"},
    {"qq.com", "pgv_ref ptlang ADTAG"},
    {"ifeng.com", "needpage webkit aman srctag"},
    {"sspai.com ifanr.com", "ref source"},
};

/* WeChat and feeds put their marks under names that mean something elsewhere. */
static const struct {
    const char *names;
    const char *values;
} tracking_by_value[] = {
    {"from",
        "timeline singlemessage groupmessage groupchat weixin wechat wx qq weibo rss feed "
        "atom"},
    {"ref source src via", "rss feed atom rssfeed rss_feed feedburner rss-*"},
};

static bool name_fits(
    const char *pattern, size_t pattern_length, const char *name, size_t length)
{
    if (pattern_length > 0 && pattern[pattern_length - 1] == '*') {
        return length >= pattern_length - 1 &&
            strncasecmp(pattern, name, pattern_length - 1) == 0;
    }
    return length == pattern_length && strncasecmp(pattern, name, length) == 0;
}

/* Is the word one of `list`, which blanks separate? */
static bool word_fits(const char *list, const char *word, size_t length)
{
    while (*list != '\0') {
        size_t pattern_length = strcspn(list, " ");
        if (name_fits(list, pattern_length, word, length)) {
            return true;
        }
        list += pattern_length + strspn(list + pattern_length, " ");
    }
    return false;
}

bool url_host_within(const char *host, const char *domain)
{
    size_t host_length = strlen(host), length = strlen(domain);
    return host_length >= length && strcmp(host + host_length - length, domain) == 0 &&
        (host_length == length || host[host_length - length - 1] == '.');
}

static bool host_fits(const char *domains, const char *host)
{
    while (*domains != '\0') {
        size_t length = strcspn(domains, " ");
        char domain[64];
        if (length < sizeof(domain)) {
            memcpy(domain, domains, length);
            domain[length] = '\0';
            if (url_host_within(host, domain)) {
                return true;
            }
        }
        domains += length + strspn(domains + length, " ");
    }
    return false;
}

struct parameter {
    const char *name;
    size_t name_length;
    const char *value; /* behind "="; NULL without one */
    size_t value_length;
    size_t length; /* of the whole, without "&" */
    size_t order;  /* for a stable sort */
};

/* The next parameter at *query, which moves behind it; false at the end. Empty ones are passed.
 * A separator that was HTML-escaped once too often ("&amp;b=2") is read as the separator it
 * was. */
static bool next_parameter(const char **query, struct parameter *ret_parameter)
{
    *query += strspn(*query, "&");
    if (strncasecmp(*query, "amp;", 4) == 0) {
        *query += 4;
        return next_parameter(query, ret_parameter);
    }
    size_t length = strcspn(*query, "&");
    if (length == 0) {
        return false;
    }
    const char *equals = memchr(*query, '=', length);
    *ret_parameter = (struct parameter){.name = *query,
        .name_length = equals == NULL ? length : (size_t)(equals - *query),
        .value = equals == NULL ? NULL : equals + 1,
        .value_length = equals == NULL ? 0 : length - (size_t)(equals + 1 - *query),
        .length = length};
    *query += length;
    return true;
}

/* Drip's click id is alphanumeric and long; univis uses the same name for its forms. */
static bool is_drip_id(const struct parameter *parameter)
{
    if (!name_fits("__s", 3, parameter->name, parameter->name_length) ||
        parameter->value_length < 3) {
        return false;
    }
    for (size_t i = 0; i < parameter->value_length; i++) {
        if (!isalnum((unsigned char)parameter->value[i])) {
            return false;
        }
    }
    return true;
}

static bool is_tracking(const char *host, const struct parameter *parameter)
{
    const char *name = parameter->name;
    size_t length = parameter->name_length;
    for (size_t i = 0; i < array_count(tracking_anywhere); i++) {
        if (word_fits(tracking_anywhere[i], name, length)) {
            return true;
        }
    }
    for (size_t i = 0; i < array_count(tracking_by_value); i++) {
        if (parameter->value_length > 0 &&
            word_fits(tracking_by_value[i].names, name, length) &&
            word_fits(tracking_by_value[i].values, parameter->value, parameter->value_length)) {
            return true;
        }
    }
    for (size_t i = 0; i < array_count(tracking_on_site); i++) {
        if (word_fits(tracking_on_site[i].names, name, length) &&
            host_fits(tracking_on_site[i].domains, host)) {
            return true;
        }
    }
    return is_drip_id(parameter);
}

static char *append_parameter(char *to, const char *start, const struct parameter *parameter)
{
    if (to > start) {
        *to++ = '&';
    }
    memcpy(to, parameter->name, parameter->length);
    return to + parameter->length;
}

char *url_query_clean(struct arena *arena, const char *host, const char *query)
{
    char *cleaned = arena_alloc(arena, strlen(query) + 1);
    char *to = cleaned;
    struct parameter parameter;
    while (next_parameter(&query, &parameter)) {
        if (!is_tracking(host, &parameter)) {
            to = append_parameter(to, cleaned, &parameter);
        }
    }
    *to = '\0';
    return to > cleaned ? cleaned : NULL;
}

/* By name only: of two values under one name the order may mean something. */
static int compare_parameters(const void *left, const void *right)
{
    const struct parameter *a = left, *b = right;
    size_t shorter = a->name_length < b->name_length ? a->name_length : b->name_length;
    int order = memcmp(a->name, b->name, shorter);
    if (order == 0 && a->name_length != b->name_length) {
        order = a->name_length < b->name_length ? -1 : 1;
    }
    return order != 0 ? order : a->order < b->order ? -1 : 1;
}

static char *spaces_as_percent(struct arena *arena, const char *query)
{
    size_t plus = 0;
    for (const char *p = query; *p != '\0'; p++) {
        plus += *p == '+';
    }
    char *result = arena_alloc(arena, strlen(query) + 2 * plus + 1);
    char *to = result;
    for (const char *p = query; *p != '\0'; p++) {
        if (*p == '+') {
            memcpy(to, "%20", 3);
            to += 3;
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
    return result;
}

char *url_query_sort(struct arena *arena, const char *query)
{
    struct parameter parameters[PARAMETERS_MAX];
    size_t count = 0;
    query = spaces_as_percent(arena, query);
    for (const char *at = query;
         count < PARAMETERS_MAX && next_parameter(&at, &parameters[count]); count++) {
        parameters[count].order = count;
    }
    if (count == PARAMETERS_MAX) {
        return arena_strdup(arena, query); /* no page is named by so many: left as it is */
    }
    qsort(parameters, count, sizeof(parameters[0]), compare_parameters);
    char *sorted = arena_alloc(arena, strlen(query) + 1);
    char *to = sorted;
    for (size_t i = 0; i < count; i++) {
        to = append_parameter(to, sorted, &parameters[i]);
    }
    *to = '\0';
    return sorted;
}

char *url_query_value(struct arena *arena, const char *query, const char *name)
{
    struct parameter parameter;
    while (query != NULL && next_parameter(&query, &parameter)) {
        if (parameter.value_length > 0 && parameter.name_length == strlen(name) &&
            memcmp(parameter.name, name, parameter.name_length) == 0) {
            return url_percent_decode(arena, parameter.value, parameter.value_length);
        }
    }
    return NULL;
}
