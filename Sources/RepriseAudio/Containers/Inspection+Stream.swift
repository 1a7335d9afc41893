extension Inspection {
  /// Inspection of the stream that the file wraps, as if it were a file of its own; the same inspection if it wraps none.
  package var ofStream: Inspection {
    guard let wrapped = notes.unwrapping else { return self }
    return Inspection(
      path: path, bytes: wrapped.byteCount, format: wrapped.codec, container: nil, codec: codec,
      sampleRate: sampleRate, channels: channels, duration: duration, audioBytes: audioBytes, integrity: integrity,
      signal: signal, loudness: loudness, verdict: verdict, reasons: reasons, failure: failure, notes: notes)
  }
}
