#!/bin/sh
set -e
echo 'APT::Install-Recommends "false";' >/etc/apt/apt.conf.d/99no-recommends
apt-get update
apt-get install -y curl ca-certificates libsasl2-dev:arm64
# Headers of the target's where its compiler looks for them.
mkdir -p /usr/aarch64-linux-gnu/include
cp -r /usr/include/sasl /usr/aarch64-linux-gnu/include/sasl
ln -sf /usr/lib/aarch64-linux-gnu/libsasl2.so /usr/aarch64-linux-gnu/lib/libsasl2.so
