#!/usr/bin/env bash
# Makes the subsets of DejaVu Sans Mono 2.37 that every picture embeds: the characters of characters.txt,
# without hints. Needs fonttools and brotli (pip) and the folder with the fonts.
#   screenshots/font/make.sh /usr/share/fonts/truetype/dejavu
set -euo pipefail
cd "$(dirname "$0")"
for pair in DejaVuSansMono:regular DejaVuSansMono-Bold:bold; do
  pyftsubset "$1/${pair%%:*}.ttf" --text-file=characters.txt --flavor=woff2 --output-file="${pair##*:}.woff2" \
    --no-hinting --layout-features= --name-IDs=0,1,2,13,14 --drop-tables+=FFTM,GSUB,GPOS,GDEF,kern
done
