"""Kinds that are none of wav, mp3 and flac: what ffmpeg, sox and encoders of their own make."""

from __future__ import annotations

from oracles import wave

from .tree import PREPARABLE, Tree, packed

VIDEO = ("-f", "lavfi", "-i", "color=c=blue:s=64x64:r=5:d=7")
# Name: options for ffmpeg, and whether no sample changes.
BY_FFMPEG: dict[str, tuple[str, bool]] = {
    "s16.aiff": ("-c:a pcm_s16be", True), "s24.aiff": ("-c:a pcm_s24be", True), "s32.aiff": ("-c:a pcm_s32be", True),
    "s8.aiff": ("-c:a pcm_s8", True), "sowt.aifc": ("-c:a pcm_s16le -f aiff", True),
    "f32.aifc": ("-c:a pcm_f32be -f aiff", True),
    "f64.aifc": ("-c:a pcm_f64be -f aiff", True), "alaw.aifc": ("-c:a pcm_alaw -f aiff", False),
    "ulaw.aifc": ("-c:a pcm_mulaw -f aiff", False), "ima4.aifc": ("-c:a adpcm_ima_qt -f aiff", False),
    "pcm.caf": ("-c:a pcm_s16be", True), "pcmle.caf": ("-c:a pcm_s16le", True), "s24.caf": ("-c:a pcm_s24be", True),
    "f32.caf": ("-c:a pcm_f32le", True), "alac.caf": ("-c:a alac", True), "ima4.caf": ("-c:a adpcm_ima_qt", False),
    "ulaw.caf": ("-c:a pcm_mulaw", False), "opus.caf": ("-c:a libopus -ar 48000", False),
    "s16.au": ("-c:a pcm_s16be", True), "s24.au": ("-c:a pcm_s24be", True), "f32.au": ("-c:a pcm_f32be", True),
    "ulaw.au": ("-c:a pcm_mulaw", False), "alaw.au": ("-c:a pcm_alaw", False),
    "s16.w64": ("-c:a pcm_s16le", True), "s24.w64": ("-c:a pcm_s24le", True), "f32.w64": ("-c:a pcm_f32le", True),
    "vorbis.ogg": ("-c:a libvorbis -q:a 3", False), "vorbis.mka": ("-c:a libvorbis", False),
    "vorbis.webm": ("-c:a libvorbis", False),
    "opus.ogg": ("-c:a libopus -b:a 32k -ar 48000", False), "opus.opus": ("-c:a libopus -b:a 32k -ar 48000", False),
    "opus.webm": ("-c:a libopus -ar 48000", False), "speex.spx": ("-c:a libspeex -ar 16000 -ac 1", False),
    "alaw.wav": ("-c:a pcm_alaw", False), "ulaw.wav": ("-c:a pcm_mulaw", False),
    "adpcm-ms.wav": ("-c:a adpcm_ms", False),
    "adpcm-ima.wav": ("-c:a adpcm_ima_wav", False), "adpcm-yamaha.wav": ("-c:a adpcm_yamaha", False),
    "g722.wav": ("-c:a g722 -ar 16000 -ac 1", False),
    "g726.wav": ("-c:a g726 -ar 8000 -ac 1", False), "mp2.wav": ("-c:a mp2 -ar 32000", False),
    "ac3.wav": ("-c:a ac3 -ar 32000", False),
    "gsm.wav": ("-c:a libgsm_ms -ar 8000 -ac 1", False), "aac.m4a": ("-c:a aac", False),
    "aac.mp4": ("-c:a aac", False), "aac.aac": ("-c:a aac", False),
    "aac.mka": ("-c:a aac", False), "aac.mov": ("-c:a aac", False), "aac.3gp": ("-c:a aac -ar 16000 -ac 1", False),
    "aac.ts": ("-c:a aac", False),
    "aac.latm": ("-c:a aac -f latm", False), "alac.m4a": ("-c:a alac", True),
    "alac24.m4a": ("-c:a alac -sample_fmt s32p", True),
    "alac.mov": ("-c:a alac", True), "alac.mka": ("-c:a alac", True), "pcm.mov": ("-c:a pcm_s16be", True),
    "pcm24.mov": ("-c:a pcm_s24le", True),
    "pcm.mkv": ("-c:a pcm_s16le", True), "pcm.avi": ("-c:a pcm_s16le", True), "pcm.nut": ("-c:a pcm_s16le", True),
    "pcm.mxf": ("-c:a pcm_s16le -ar 48000 -f mxf_opatom", True),
    "wmav1.wma": ("-c:a wmav1", False), "wmav2.wma": ("-c:a wmav2", False), "wavpack.wv": ("-c:a wavpack", True),
    "wavpack24.wv": ("-c:a wavpack -sample_fmt s32p", True), "tta.tta": ("-c:a tta", True),
    "tta.mka": ("-c:a tta", True),
    "ac3.ac3": ("-c:a ac3 -ar 44100", False), "eac3.eac3": ("-c:a eac3 -ar 44100", False),
    "ac3.mkv": ("-c:a ac3 -ar 48000", False),
    "dts.dts": ("-c:a dca -strict -2 -ar 48000", False), "mp2.mp2": ("-c:a mp2 -ar 44100", False),
    "mp2.mpg": ("-c:a mp2 -ar 44100", False),
    "truehd.thd": ("-c:a truehd -strict -2 -ar 48000 -f truehd", True), "sbc.sbc": ("-c:a sbc -ar 32000", False),
    "s16.voc": ("-c:a pcm_s16le", True),
    "flv.flv": ("-c:a aac", False), "asf.asf": ("-c:a wmav2", False), "rm.rm": ("-c:a ac3 -ar 44100", False),
    "amv.gsm": ("-c:a libgsm -ar 8000 -ac 1", False),
    "ircam.sf": ("-c:a pcm_s16le -f ircam", True), "sox.sox": ("-c:a pcm_s32le -f sox", True),
    "g723.g723": ("-c:a g723_1 -ar 8000 -ac 1 -b:a 6300", False),
}  # fmt: skip
BY_SOX = {"8svx.8svx": "-b 8", "hcom.au": "-b 16", "snd.snd": "-b 16", "wve.wve": "-r 8000 -c 1", "voc.voc": "-b 16",
"maud.maud": "-b 16", "sf.sf": "-b 16", "sph.sph": "-b 16",
          "htk.htk": "-c 1", "gsm.wav": "-r 8000 -c 1 -e gsm", "ima.wav": "-e ima-adpcm", "ms.wav": "-e ms-adpcm",
          "prc.prc": "-r 8000 -c 1", "avr.avr": "-b 16", "paf.paf": "-b 16", "mat4.mat4": "-b 16"}  # fmt: skip


def of_ffmpeg(tree: Tree) -> None:
    for rate, channels, bits in ((8000, 1, 16), (44100, 2, 16), (48000, 2, 24)):
        for name, (text, lossless) in BY_FFMPEG.items():
            options = text.split()
            deep = any(word in name for word in ("24", "32", "f64"))
            if ("-ar 8000" in text and rate != 8000) or (bits == 24 and not deep):
                continue
            out_rate = int(options[options.index("-ar") + 1]) if "-ar" in options else rate
            out_channels = int(options[options.index("-ac") + 1]) if "-ac" in options else channels
            made = tree.ffmpeg(f"f.{name}", tree.source(rate, channels, bits=bits), *options)
            stem, ending = name.rsplit(".", 1)
            shape = (7 * out_rate, out_rate, out_channels)
            exact = lossless and (out_rate, out_channels) == (rate, channels)
            tree.save(f"foreign/{stem}-{rate}.{ending}", made, shape, PREPARABLE, f"{stem} in {ending}", exact)


def of_others(tree: Tree) -> None:
    source = tree.source(44100, 2)
    for name, options in BY_SOX.items():
        words = options.split()
        rate = int(words[words.index("-r") + 1]) if "-r" in words else 44100
        channels = int(words[words.index("-c") + 1]) if "-c" in words else 2
        made = tree.made(f"s.{name}", "sox", "-D", source, *words)
        stem, ending = name.rsplit(".", 1)
        tree.save(f"foreign/sox-{stem}.{ending}", made, (7 * rate, rate, channels), PREPARABLE, f"{stem} by sox", False)
    shape = (7 * 44100, 44100, 2)
    for name, command, lossless in (
        ("oggenc.ogg", ("oggenc", "-Q", "-q", "3", source, "-o"), False),
        ("wavpack.wv", ("wavpack", "-qy", source, "-o"), True),
        ("wavpack-hybrid.wv", ("wavpack", "-qy", "-b256", source, "-o"), False),
        ("twolame.mp2", ("twolame", "--quiet", source), False),
        ("mkvmerge.mka", ("mkvmerge", "-q", source, "-o"), True),
    ):
        tree.save(f"foreign/by-{name}", tree.made(f"o.{name}", *command), shape, PREPARABLE, name, lossless)
    made = tree.made("o.opus", "opusenc", "--quiet", "--bitrate", "48", source)
    tree.save("foreign/by-opusenc.opus", made, (7 * 48000, 48000, 2), PREPARABLE, "opusenc", False)


def of_videos(tree: Tree) -> None:
    """Sound tracks of videos."""
    source = tree.source(44100, 2)
    for name, video, sound, lossless in (
        ("video.mp4", "mpeg4", "aac", False), ("video.mov", "mpeg4", "pcm_s16le", True),
        ("video.mkv", "mpeg4", "flac", True),
        ("video-vorbis.mkv", "mpeg4", "libvorbis", False), ("video-mp3.mkv", "mpeg4", "libmp3lame", False),
        ("video-mp3.mp4", "mpeg4", "libmp3lame", False),
        ("video.avi", "mpeg4", "libmp3lame", False), ("video-ac3.mkv", "mpeg4", "ac3", False),
        ("video.webm", "libvpx", "libvorbis", False), ("video.wmv", "wmv2", "wmav2", False),
    ):  # fmt: skip
        made = tree.made(f"v.{name}", "ffmpeg", "-nostdin", "-v", "error", "-y", *VIDEO, "-i", source, "-c:v", video,
                         "-c:a", sound, "-bitexact")  # fmt: skip
        tree.save(f"foreign/{name}", made, (7 * 44100, 44100, 2), PREPARABLE, f"{sound} beside a video", lossless)
    data = packed(tree.sound(8000, 1), 16)
    tree.save("foreign/by-hand.w64", wave.w64(data, wave.fmt()), (56000, 8000, 1), PREPARABLE, "Wave64")
    made = tree.ffmpeg("t.caf", source, "-metadata", "title=tune", "-c:a", "pcm_s16le")
    tree.save("foreign/tagged.caf", made, (7 * 44100, 44100, 2), PREPARABLE, "tagged")


def make_foreign(tree: Tree) -> None:
    for make in (of_ffmpeg, of_others, of_videos):
        make(tree)
