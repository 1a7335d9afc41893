#!/usr/bin/env python3
"""The signal figures of `inspect --loudness` beside those of ffmpeg's filters, for any number of files.

    Tests/Oracles/measure_signal_figures.py REPRISE AUDIO...

Peak and DC offset against astats, integrated loudness, range and true peak against ebur128=peak=true, silence against
silencedetect (-60 dB, 2 s). Both sides decode for themselves. A line for each file, then the largest differences.
Wants ffmpeg.
"""
import json, math, re, subprocess, sys

reprise, files = sys.argv[1], sys.argv[2:]


def ffmpeg(path, filters):
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-map", "0:a", "-af", filters, "-f", "null", "-"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).stderr.decode(errors="replace")


def last(pattern, text, default=math.nan):
    found = re.findall(pattern, text)
    return float(found[-1]) if found else default


output = subprocess.run([reprise, "inspect", "--loudness", "--json", *files], capture_output=True).stdout.decode()
worst = {}


def compare(name, ours, theirs):
    if ours is None or math.isnan(theirs) or math.isinf(theirs):
        return "-"
    worst[name] = max(worst.get(name, 0), abs(ours - theirs))
    return "%.3f / %.3f" % (ours, theirs)


print("| file | peak, dBFS: ours / ffmpeg | DC offset, % | LUFS | LU | dBTP | silences of 2 s |")
print("| --- | --- | --- | --- | --- | --- | --- |")
for line in output.splitlines():
    record = json.loads(line)
    path, signal, loudness = record["path"], record["signal"], record["loudness"]
    if not signal:
        print("| %s | %s |" % (path, "; ".join(reason["message"] for reason in record["reasons"])))
        continue
    # In floats, or ffmpeg would clip what an mp3 has over full scale.
    stats = ffmpeg(path, "aformat=sample_fmts=flt,astats=measure_overall=none:measure_perchannel=DC_offset+Max_level+Min_level")
    offsets = [float(x) for x in re.findall(r"DC offset: (\S+)", stats)]
    levels = [abs(float(x)) for x in re.findall(r"(?:Max|Min) level: (\S+)", stats)]
    r128 = ffmpeg(path, "ebur128=peak=true").split("Summary:")[-1]
    silent = re.findall(r"silence_start: (\S+)[\s\S]*?silence_end: (\S+)", ffmpeg(path, "silencedetect=n=-60dB:d=2"))
    ours = [span for span in signal["silence"] if span["end"] - span["start"] >= 2]
    for span, (start, end) in zip(ours, silent):
        compare("silence, s", span["start"], max(float(start), 0))
        compare("silence, s", span["end"], float(end))
    dc = max(zip(signal["dcOffset"], offsets), key=lambda pair: abs(pair[0] - pair[1]), default=(None, math.nan))
    print("| %s | %s | %s | %s | %s | %s | %d / %d |" % (
        path.split("/")[-1],
        compare("peak, dB", 20 * math.log10(signal["peak"]) if signal["peak"] else None, 20 * math.log10(max(levels)) if max(levels, default=0) else math.nan),
        compare("DC offset, %", dc[0] * 100 if dc[0] is not None else None, dc[1] * 100),
        compare("loudness, LU", loudness and loudness["integrated"], last(r"I:\s+(-?[\d.]+) LUFS", r128)),
        compare("range, LU", loudness and loudness["range"], last(r"LRA:\s+(-?[\d.]+) LU", r128)),
        compare("true peak, dB", loudness and loudness["truePeak"], last(r"Peak:\s+(-?[\d.]+) dBFS", r128)),
        len(ours), len(silent)))
print("largest differences: " + ", ".join("%s %.4f" % item for item in sorted(worst.items())))
