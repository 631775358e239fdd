#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace {

double slope(const std::vector<double> &values)
{
    if (values.size() < 2)
        throw std::invalid_argument("a trend needs two values");
    const double n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double above = 0, below = 0;
    for (std::size_t i = 0; i < values.size(); i++) {
        const double x = static_cast<double>(i) - (n - 1) / 2;
        above += x * (values[i] - mean);
        below += x * x;
    }
    return above / below;
}

} // namespace

/* The least-squares slope of the values, per step, in *result. Whether there is one. */
extern "C" bool trend(const double *values, std::size_t count, double *result) noexcept
{
    try {
        *result = slope({values, values + count});
        return true;
    } catch (const std::invalid_argument &) {
        return false;
    }
}
