use weather_station::{dew_point, pointer_size, trend};

fn main() {
    println!("weather-station for {}", env!("TARGET"));
    println!("running on {}, {}-bit", std::env::consts::ARCH, pointer_size() * 8);
    println!("dew point at 20 °C and 50 %: {:.1} °C (C)", dew_point(20.0, 50.0));
    let pressure = [1013.0, 1011.5, 1010.0, 1008.5];
    match trend(&pressure) {
        Some(slope) => println!("pressure: {slope:+.1} hPa an hour (C++)"),
        None => println!("pressure: no trend (C++)"),
    }
}
