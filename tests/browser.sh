#!/bin/sh
# The browser tests need Chromium: bring it by the system's package manager, or say what to install.
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
find_chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Chromium with apt-get (the browser tests need it)" >&2
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null \
        && find_chromium >/dev/null 2>&1 && exit 0
fi
echo "The browser tests need Chromium. Install it, then run again:
  Debian:        sudo apt-get install chromium
  Fedora:        sudo dnf install chromium
  Ubuntu:        sudo snap install chromium
  macOS:         brew install --cask chromium
or run the other tests: make test TEST='--ignore tests/review/browser'" >&2
exit 1
