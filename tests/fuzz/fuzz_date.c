/* A date as a feed writes it. What is accepted lies in the years the header promises, and its
 * ISO form is read back as the same second. */
#include "base/clock.h"
#include "feed/date.h"
#include "input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *text = fuzz_take_text(&input);
    int64_t utc_s = feed_date_parse(text);
    if (utc_s == CLOCK_NONE) {
        return 0;
    }
    char iso[CLOCK_ISO_BYTES];
    fuzz_require(utc_s >= clock_from_civil(1899, 12, 31, 0, 0, 0) &&
            utc_s < clock_from_civil(2201, 1, 2, 0, 0, 0),
        "%s is absurd", clock_format_iso(utc_s, iso));
    fuzz_require(feed_date_parse(clock_format_iso(utc_s, iso)) == utc_s,
        "%s is read back as another time", iso);
    return 0;
}
