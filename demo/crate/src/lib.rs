//! A weather station's arithmetic, done by C and C++.

mod native {
    extern "C" {
        pub fn dew_point(temperature: f64, humidity: f64) -> f64;
        pub fn pointer_size() -> i32;
        pub fn trend(values: *const f64, count: usize, result: *mut f64) -> bool;
    }
}

/// The temperature at which air condenses: °C, from °C and percent of relative humidity.
///
/// ```
/// assert_eq!(weather_station::dew_point(20.0, 100.0).round(), 20.0);
/// ```
pub fn dew_point(temperature: f64, humidity: f64) -> f64 {
    unsafe { native::dew_point(temperature, humidity) }
}

/// The slope of the values, per step; none of fewer than two.
///
/// ```
/// assert_eq!(weather_station::trend(&[1013.0, 1011.0, 1009.0]), Some(-2.0));
/// ```
pub fn trend(values: &[f64]) -> Option<f64> {
    let mut result = 0.0;
    unsafe { native::trend(values.as_ptr(), values.len(), &mut result) }.then_some(result)
}

/// The size of a pointer in the C part, in bytes.
pub fn pointer_size() -> usize {
    unsafe { native::pointer_size() as usize }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dry_air_condenses_far_below_its_temperature() {
        assert!((dew_point(20.0, 10.0) - -12.5).abs() < 0.5);
    }

    #[test]
    fn falling_pressure_has_a_negative_trend() {
        assert_eq!(trend(&[1013.0, 1012.0, 1011.0, 1010.0]), Some(-1.0));
    }

    // What C++ throws must find its handler, which needs the target's own unwinder.
    #[test]
    fn one_value_has_no_trend() {
        assert_eq!(trend(&[1013.0]), None);
    }

    #[test]
    fn c_and_rust_agree_on_pointers() {
        assert_eq!(pointer_size(), std::mem::size_of::<usize>());
    }
}
