"""The wav and flac files that hostile_wav_flac.py makes: some hundreds, each with one thing wrong or odd."""
