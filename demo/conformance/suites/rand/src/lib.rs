// SPDX-License-Identifier: MIT OR Apache-2.0

//! As much of rand 0.9 as the tests of core and alloc use, on top of rand 0.8, which the distribution has.

#![no_std]

use distribution::distributions::{DistIter, Standard};

use crate::distr::Distribution;

pub use distribution::{RngCore, SeedableRng};

/// Random values, with the names of rand 0.9.
pub trait Rng: RngCore {
    fn random<T>(&mut self) -> T
    where
        Standard: Distribution<T>,
    {
        Standard.sample(self)
    }

    fn random_iter<T>(self) -> DistIter<Standard, Self, T>
    where
        Self: Sized,
        Standard: Distribution<T>,
    {
        Standard.sample_iter(self)
    }

    fn sample_iter<T, D: Distribution<T>>(self, distribution: D) -> DistIter<D, Self, T>
    where
        Self: Sized,
    {
        distribution.sample_iter(self)
    }
}

impl<R: RngCore + ?Sized> Rng for R {}

pub mod distr {
    use core::convert::Infallible;
    use core::ops::{Range, RangeInclusive};
    use distribution::distributions::uniform::{SampleUniform, UniformSampler};

    pub use distribution::distributions::Distribution;

    /// Values of a range, each as likely as the others. Where rand 0.9 has errors, 0.8 panics.
    pub struct Uniform<X: SampleUniform>(X::Sampler);

    impl<X: SampleUniform> Uniform<X> {
        pub fn new(low: X, high: X) -> Result<Self, Infallible> {
            Ok((low..high).into())
        }
    }

    impl<X: SampleUniform> From<Range<X>> for Uniform<X> {
        fn from(range: Range<X>) -> Self {
            Self(X::Sampler::new(range.start, range.end))
        }
    }

    impl<X: SampleUniform> From<RangeInclusive<X>> for Uniform<X> {
        fn from(range: RangeInclusive<X>) -> Self {
            let (low, high) = range.into_inner();
            Self(X::Sampler::new_inclusive(low, high))
        }
    }

    impl<X: SampleUniform> Distribution<X> for Uniform<X> {
        fn sample<R: distribution::Rng + ?Sized>(&self, rng: &mut R) -> X {
            self.0.sample(rng)
        }
    }
}

pub mod seq {
    pub use distribution::seq::SliceRandom;
    pub use distribution::seq::SliceRandom as IndexedRandom;
}

pub mod prelude {
    pub use crate::distr::Distribution;
    pub use crate::seq::{IndexedRandom, SliceRandom};
    pub use crate::{Rng, RngCore, SeedableRng};
}
