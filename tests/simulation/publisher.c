/* Problem: what a schedule is worth depends on how publishers behave, and no list of real
 * posting times is ours to ship.
 *
 * Approach: each class is a Poisson process whose rate follows hour and weekday of its zone
 * (newsrooms, companies, people), a fixed hour (arXiv), or clusters (releases). Rates spread
 * over decades inside a class. What the numbers go by:
 *   - shares and spread: most feeds post less than daily, a few make most of the posts (power
 *     law of posting rates; Liu, Ramasubramanian, Sirer, "Client Behavior and Feed
 *     Characteristics of RSS", IMC 2005; Sia, Cho, Cho, "Efficient Monitoring Algorithm for
 * Fast News Alerts", TKDE 2007, which also shows the daily and weekly cycles);
 *   - the mix of kinds: the shipped feeds.conf, enlarged: Chinese and English media, newsrooms
 *     of companies, releases on github.com, arXiv, personal blogs, feeds long silent;
 *   - arXiv: announcements reach the feeds at midnight US Eastern of Monday to Friday, and its
 *     answers stay fresh until the next one (info.arxiv.org/help/availability, …/help/rss);
 *   - releases: a fix follows a release within hours or days as often as not.
 * The shapes of day and week are drawn by hand: a newsroom is busiest from 9 to 18 h and half
 * asleep at weekends, bloggers write in the evening and on Sundays.
 *
 * Rejected: replaying recorded feeds (third-party data, and one month of it is one throw of the
 * dice); one rate for all hours (no schedule could profit from knowing a feed).
 */
#include "publisher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

/* Share of posts by local hour; scaled to a mean of 1 when used. */
enum { HOURS = 24, DAYS = 7 };
static const double newsroom_hours[HOURS] = {
    1, 1, 0.5, 0.5, 0.5, 1, 2, 5, 8, 10, 10, 9, 7, 8, 10, 10, 9, 9, 7, 5, 4, 4, 3, 2};
static const double office_hours[HOURS] = {
    0, 0, 0, 0, 0, 0, 1, 3, 8, 10, 10, 8, 5, 8, 10, 8, 6, 4, 2, 1, 0.5, 0.5, 0, 0};
static const double evening_hours[HOURS] = {
    2, 1, 0.5, 0.2, 0.2, 0.5, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5, 6, 8, 9, 8, 5};
/* From Sunday on. */
static const double newsroom_days[DAYS] = {4, 10, 10, 10, 10, 9, 5};
static const double office_days[DAYS] = {0.2, 9, 11, 11, 10, 7, 0.3};
static const double free_days[DAYS] = {10, 8, 7, 7, 7, 6, 8};

struct publisher_class {
    const char *name;
    int per_mille;    /* of all feeds */
    double low, high; /* posts a day (clusters a day with `followers`) */
    const double *hours, *days;
    int zones[4];     /* hours east of UTC, one of them each */
    double followers; /* mean number of posts that follow the first of a cluster */
    double follow_h;  /* and the mean hours between them */
    int window;
    int ttl_percent; /* of the feeds that say <ttl>60</ttl>, the default of many programs */
    int feeds_per_host;
    const char *host; /* its name begins so */
};

static const struct publisher_class classes[PUBLISHER_CLASSES] = {
    {"media, China", 80, 15, 90, newsroom_hours, newsroom_days, {8, 8, 8, 8}, 0, 0, 30, 20, 1,
        "media"},
    {"media, West", 70, 8, 50, newsroom_hours, newsroom_days, {-8, -5, 0, 1}, 0, 0, 30, 20, 1,
        "media"},
    {"trade press", 150, 1, 8, newsroom_hours, newsroom_days, {8, -5, 1, 9}, 0, 0, 20, 20, 2,
        "press"},
    {"companies", 150, 0.1, 1.2, office_hours, office_days, {-8, -5, 1, 8}, 0, 0, 15, 10, 2,
        "company"},
    {"arXiv", 20, 1, 1, NULL, NULL, {0, 0, 0, 0}, 0, 0, 1, 0, 1000, "arxiv"},
    {"releases", 200, 0.02, 0.4, evening_hours, office_days, {-8, 1, 8, 9}, 1.0, 10, 10, 0,
        1000, "releases"},
    {"blogs", 250, 0.03, 0.4, evening_hours, free_days, {-8, 1, 8, 8}, 0, 0, 10, 10, 100,
        "blogs"},
    {"silent", 80, 0.0005, 0.02, evening_hours, free_days, {-8, 1, 8, 8}, 0, 0, 10, 10, 4,
        "silent"},
};

enum { ARXIV = 4, ARXIV_HOUR_UTC = 5 /* midnight US Eastern in winter */ };

const char *publisher_class_name(int class_index)
{
    return classes[class_index].name;
}

static double mean_of(const double *values, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += values[i];
    }
    return sum / count;
}

static void add_post(struct publisher *publisher, int64_t at_s)
{
    if ((publisher->post_count & (publisher->post_count - 1)) == 0) {
        size_t room = publisher->post_count == 0 ? 1 : 2 * publisher->post_count;
        publisher->posts_utc_s = reallocarray(
            publisher->posts_utc_s, room, sizeof(*publisher->posts_utc_s));
        if (publisher->posts_utc_s == NULL) {
            abort();
        }
    }
    publisher->posts_utc_s[publisher->post_count++] = at_s;
}

static int compare_times(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static int weekday_of(int64_t local_s)
{
    return (int)((local_s / DAY_S + 4) % DAYS);
}

/* At midnight sharp. That a batch may come late and the answer's lifetime would then cost a day
 * is the business of the rule for arXiv, not of the schedule. */
static void make_announcements(struct publisher *publisher, int64_t begin_s, int64_t end_s)
{
    for (int64_t day_s = begin_s - begin_s % DAY_S; day_s < end_s; day_s += DAY_S) {
        int weekday = weekday_of(day_s);
        if (weekday >= 1 && weekday <= 5) {
            add_post(publisher, day_s + ARXIV_HOUR_UTC * HOUR_S);
        }
    }
}

static void make_followers(struct publisher *publisher, const struct publisher_class *class,
    int64_t at_s, struct dice *dice)
{
    while (
        class->followers > 0 && dice_even(dice) < class->followers / (1 + class->followers)) {
        at_s += (int64_t)dice_exponential(dice, class->follow_h * HOUR_S);
        add_post(publisher, at_s);
    }
}

static void make_posts(struct publisher *publisher, const struct publisher_class *class,
    int64_t begin_s, int64_t end_s, struct dice *dice)
{
    double a_day = dice_between_log(dice, class->low, class->high);
    int64_t zone_s = (int64_t) class->zones[dice_throw(dice) % 4] * HOUR_S;
    /* Nobody keeps the hours of the average: each is early or late by up to two hours. */
    int64_t own_s = zone_s + (int64_t)dice_between(dice, -2 * HOUR_S, 2 * HOUR_S);
    double per_hour = a_day / 24 / mean_of(class->hours, HOURS) / mean_of(class->days, DAYS);
    for (int64_t at_s = begin_s; at_s < end_s; at_s += HOUR_S) {
        double mean = per_hour * class->hours[(at_s + own_s) / HOUR_S % HOURS] *
            class->days[weekday_of(at_s + zone_s)];
        for (int left = dice_poisson(dice, mean); left > 0; left--) {
            int64_t post_s = at_s + (int64_t)dice_between(dice, 0, HOUR_S);
            add_post(publisher, post_s);
            make_followers(publisher, class, post_s, dice);
        }
    }
    if (publisher->post_count > 0) {
        qsort(publisher->posts_utc_s, publisher->post_count, sizeof(*publisher->posts_utc_s),
            compare_times);
    }
    while (publisher->post_count > 0 &&
        publisher->posts_utc_s[publisher->post_count - 1] >= end_s) {
        publisher->post_count--;
    }
}

/* The class that feed `index` of `count` belongs to, by the shares of the table. */
static int class_of(size_t index, size_t count)
{
    size_t end = 0;
    for (int i = 0; i < PUBLISHER_CLASSES; i++) {
        end += (size_t)classes[i].per_mille * count / 1000;
        if (index < end) {
            return i;
        }
    }
    return PUBLISHER_CLASSES - 1;
}

void world_init(
    struct world *world, int64_t begin_utc_s, int64_t end_utc_s, size_t count, uint64_t seed)
{
    *world = (struct world){calloc(count, sizeof(*world->publishers)), count, 0};
    if (world->publishers == NULL) {
        abort();
    }
    struct dice dice = {seed};
    int in_host = 0, last_class = -1;
    for (size_t i = 0; i < count; i++) {
        struct publisher *publisher = &world->publishers[i];
        publisher->class_index = class_of(i, count);
        const struct publisher_class *class = &classes[publisher->class_index];
        if (publisher->class_index != last_class || in_host == class->feeds_per_host) {
            world->hosts++;
            in_host = 0;
        }
        in_host++;
        last_class = publisher->class_index;
        publisher->host = world->hosts - 1;
        publisher->window = (size_t) class->window;
        publisher->ttl_minutes = dice_throw(&dice) % 100 < (uint64_t) class->ttl_percent ? 60
                                                                                         : -1;
        snprintf(publisher->url, sizeof(publisher->url), "http://host%d.%s.example/feed%zu",
            publisher->host, class->host, i);
        if (publisher->class_index == ARXIV) {
            make_announcements(publisher, begin_utc_s, end_utc_s);
        } else {
            make_posts(publisher, class, begin_utc_s, end_utc_s, &dice);
        }
    }
}

void world_release(struct world *world)
{
    for (size_t i = 0; i < world->count; i++) {
        free(world->publishers[i].posts_utc_s);
    }
    free(world->publishers);
}

size_t publisher_posts_until(const struct publisher *publisher, int64_t utc_s)
{
    size_t low = 0, high = publisher->post_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (publisher->posts_utc_s[middle] <= utc_s) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

int64_t publisher_max_age_s(const struct publisher *publisher, int64_t utc_s)
{
    if (publisher->class_index != ARXIV) {
        return -1;
    }
    return DAY_S - ((utc_s - ARXIV_HOUR_UTC * HOUR_S) % DAY_S + DAY_S) % DAY_S;
}
