/* Random numbers that repeat: splitmix64, and the few distributions the simulation needs. */
#ifndef SIMULATION_RANDOM_H
#define SIMULATION_RANDOM_H

#include <math.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_throw(struct dice *dice)
{
    dice->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = dice->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Evenly in (0, 1). */
static inline double dice_even(struct dice *dice)
{
    return ((double)(dice_throw(dice) >> 11) + 0.5) / 9007199254740992.0;
}

static inline double dice_between(struct dice *dice, double low, double high)
{
    return low + (high - low) * dice_even(dice);
}

/* Evenly on a logarithmic scale: rates of feeds spread over decades. */
static inline double dice_between_log(struct dice *dice, double low, double high)
{
    return exp(dice_between(dice, log(low), log(high)));
}

static inline double dice_exponential(struct dice *dice, double mean)
{
    return -mean * log(dice_even(dice));
}

/* How many events of a Poisson process with `mean` of them (small means only: Knuth's way). */
static inline int dice_poisson(struct dice *dice, double mean)
{
    double limit = exp(-mean), product = dice_even(dice);
    int count = 0;
    while (product > limit && count < 10000) {
        product *= dice_even(dice);
        count++;
    }
    return count;
}

#endif
