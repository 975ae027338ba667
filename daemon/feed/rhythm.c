/* Problem: a poll is worth most right after a post, and publishers are creatures of habit: a
 * newsroom sleeps at night and at weekends, arXiv announces at one hour of five days, a blogger
 * writes on Sundays.
 *
 * Approach: posts are counted by hour of the day and by day of the week, and
 *     rate(t) = mean rate * share of its hour * share of its day.
 * Old counts fade with a time constant of four weeks, so a new habit shows within two.
 * Neighbour hours lend each other a quarter (summer time, late editors), and a few posts spread
 * evenly over the week stand for what is not known: five posts do not make a habit. A feed of
 * which nothing is known at all is taken for one that posts daily.
 *
 * Rejected: one count for each of the 168 hours of a week (most feeds never post as often in
 * four weeks); learning from poll times alone (a first document already holds weeks of dates);
 * a fitted process with bursts (Hawkes): nobody could read its numbers.
 */
#include "feed/rhythm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

static const double memory_s = 28.0 * DAY_S;

/* Posts that stand for ignorance: this many, spread over this much time, before any is seen. */
static const double prior_posts = 0.5, prior_time_s = DAY_S / 2.0;
/* Evenly spread posts that the shares of hours and days begin with. */
static const double even_posts = 4.0;
/* After so much time watched, half of what the shares say is believed: a first document of a
 * busy feed reaches back eight hours and says nothing of the night or of Sundays. */
static const double hours_trusted_after_s = 1.0 * DAY_S, days_trusted_after_s = 3.0 * DAY_S;

static int hour_of(int64_t utc_s)
{
    return (int)((utc_s % DAY_S + DAY_S) % DAY_S / HOUR_S);
}

/* 1970-01-01 was a Thursday. */
static int day_of(int64_t utc_s)
{
    int64_t day = (utc_s - (utc_s % DAY_S + DAY_S) % DAY_S) / DAY_S;
    return (int)(((day + 4) % RHYTHM_DAYS + RHYTHM_DAYS) % RHYTHM_DAYS);
}

static double sum(const double *values, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) {
        total += values[i];
    }
    return total;
}

static void scale(double *values, size_t count, double factor)
{
    for (size_t i = 0; i < count; i++) {
        values[i] *= factor;
    }
}

/* ---- learning ---- */

void rhythm_advance(struct rhythm *rhythm, int64_t now_utc_s)
{
    if (now_utc_s <= rhythm->now_utc_s) {
        return;
    }
    double kept = exp(-(double)(now_utc_s - rhythm->now_utc_s) / memory_s);
    scale(rhythm->hours, RHYTHM_HOURS, kept);
    scale(rhythm->days, RHYTHM_DAYS, kept);
    rhythm->observed_s = rhythm->observed_s * kept + memory_s * (1 - kept);
    rhythm->now_utc_s = now_utc_s;
}

void rhythm_count(struct rhythm *rhythm, int64_t at_utc_s)
{
    double weight = exp(-fmax((double)(rhythm->now_utc_s - at_utc_s), 0) / memory_s);
    rhythm->hours[hour_of(at_utc_s)] += weight;
    rhythm->days[day_of(at_utc_s)] += weight;
}

void rhythm_begin(struct rhythm *rhythm, const int64_t *dates_utc_s, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || dates_utc_s[i] / MINUTE_S != dates_utc_s[i - 1] / MINUTE_S) {
            rhythm_count(rhythm, dates_utc_s[i]);
        }
    }
    if (count > 0) {
        double span_s = fmax((double)(rhythm->now_utc_s - dates_utc_s[count - 1]), 0);
        rhythm->observed_s = memory_s * (1 - exp(-span_s / memory_s));
    }
}

void rhythm_add(struct rhythm *rhythm, const int64_t *dates_utc_s, size_t count,
    int64_t newest_utc_s, int64_t since_utc_s)
{
    int64_t counted = INT64_MIN;
    for (size_t i = 0; i < count && dates_utc_s[i] > newest_utc_s; i++) {
        int64_t at_s = dates_utc_s[i] >= since_utc_s
            ? dates_utc_s[i]
            : since_utc_s + (rhythm->now_utc_s - since_utc_s) / 2;
        if (counted == INT64_MIN || at_s / MINUTE_S != counted / MINUTE_S) {
            rhythm_count(rhythm, at_s);
            counted = at_s;
        }
    }
}

/* ---- asking ---- */

double rhythm_mean_rate(const struct rhythm *rhythm)
{
    double posts = sum(rhythm->days, RHYTHM_DAYS);
    return (posts + prior_posts) / (rhythm->observed_s + prior_time_s);
}

/* The share of one of `count` boxes, 1 when all are alike. */
static double share(double posts, double total, int count)
{
    return count * (posts + even_posts / count) / (total + even_posts);
}

/* As much of `share` as `observed_s` of watching makes believable. */
static double believe(double share, double observed_s, double trusted_after_s)
{
    return 1 + (share - 1) * observed_s / (observed_s + trusted_after_s);
}

double rhythm_rate(const struct rhythm *rhythm, int64_t at_utc_s)
{
    double total = sum(rhythm->days, RHYTHM_DAYS);
    int hour = hour_of(at_utc_s);
    double around = rhythm->hours[hour] / 2 + rhythm->hours[(hour + 1) % RHYTHM_HOURS] / 4 +
        rhythm->hours[(hour + RHYTHM_HOURS - 1) % RHYTHM_HOURS] / 4;
    double of_hour = share(around, total, RHYTHM_HOURS);
    double of_day = share(rhythm->days[day_of(at_utc_s)], total, RHYTHM_DAYS);
    return rhythm_mean_rate(rhythm) *
        believe(of_hour, rhythm->observed_s, hours_trusted_after_s) *
        believe(of_day, rhythm->observed_s, days_trusted_after_s);
}

/* ---- as text ---- */

/* "now observed" and then the counts; four digits are more than the counts deserve. */
const char *rhythm_write(const struct rhythm *rhythm, struct arena *arena)
{
    char text[40 + (RHYTHM_HOURS + RHYTHM_DAYS) * 14];
    int length = snprintf(
        text, sizeof(text), "%lld %.0f", (long long)rhythm->now_utc_s, rhythm->observed_s);
    for (int i = 0; i < RHYTHM_HOURS + RHYTHM_DAYS; i++) {
        double value = i < RHYTHM_HOURS ? rhythm->hours[i] : rhythm->days[i - RHYTHM_HOURS];
        length += snprintf(
            text + length, sizeof(text) - (size_t)length, " %.4g", value < 1e-6 ? 0.0 : value);
    }
    return arena_strdup(arena, text);
}

static bool read_numbers(const char *text, struct rhythm *ret_rhythm)
{
    char *end;
    ret_rhythm->now_utc_s = strtoll(text, &end, 10);
    enum { NUMBERS = 1 + RHYTHM_HOURS + RHYTHM_DAYS };
    double values[NUMBERS];
    for (size_t i = 0; i < NUMBERS; i++) {
        const char *start = end;
        values[i] = strtod(start, &end);
        if (end == start || !isfinite(values[i]) || values[i] < 0) {
            return false;
        }
    }
    ret_rhythm->observed_s = values[0];
    memcpy(ret_rhythm->hours, values + 1, sizeof(ret_rhythm->hours));
    memcpy(ret_rhythm->days, values + 1 + RHYTHM_HOURS, sizeof(ret_rhythm->days));
    return *end == '\0';
}

struct rhythm rhythm_read(const char *text, int64_t now_utc_s)
{
    struct rhythm rhythm = {0};
    if (text == NULL || !read_numbers(text, &rhythm)) {
        rhythm = (struct rhythm){.now_utc_s = now_utc_s};
    }
    return rhythm;
}
