//! The program itself, started by the test as any program starts another.

use std::process::{Command, Output};

fn weather_station() -> Command {
    Command::new(env!("CARGO_BIN_EXE_weather-station"))
}

fn check(output: Output) {
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(&format!("running on {}", std::env::consts::ARCH)), "{text}");
    assert!(text.contains("9.3 °C (C)"), "{text}");
    assert!(text.contains("-1.5 hPa an hour (C++)"), "{text}");
}

#[test]
fn it_prints_what_c_and_cpp_computed() {
    check(weather_station().output().unwrap());
}

#[test]
fn it_runs_without_any_environment() {
    check(weather_station().env_clear().output().unwrap());
}
