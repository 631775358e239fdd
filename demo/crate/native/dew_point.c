#include <math.h>

/* The temperature at which air condenses: degrees Celsius, from degrees Celsius and percent (Magnus). */
double dew_point(double temperature, double humidity)
{
    const double b = 17.62, c = 243.12;
    double gamma = log(humidity / 100) + b * temperature / (c + temperature);
    return c * gamma / (b - gamma);
}

/* The size of a pointer where this was compiled for, in bytes. */
int pointer_size(void)
{
    return sizeof(void *);
}
