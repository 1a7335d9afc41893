/// A wav written anew around its own samples, with one header that every decoder reads.
///
/// The chunks of the source stay, those in front of the samples in front and those behind them behind: their positions
/// count from the first sample.
struct WaveMending {
  let layout: WaveLayout
  let format: WaveLayout.Format
  let portability: [Portability]
  /// Number of bytes of tags in front of the header.
  let tagsInFront: Int

  /// Returns the way to rewrite the file; `nil` if nothing needs it or there are no samples.
  func mending() -> Mending? {
    let frameBytes = format.frameBytes
    guard !portability.isEmpty, frameBytes > 0 else { return nil }
    let ranges = layout.sampleRanges(frameBytes: frameBytes)
    let data = ranges.reduce(0) { $0 + $1.count }
    guard data > 0 else { return nil }
    func splice(_ chunks: [WaveLayout.KeptChunk]) -> ByteSplice {
      let others = chunks.reduce(0) { $0 + 8 + $1.body.count + $1.body.count % 2 }
      let header = WaveHeader.parts(
        format: layout.formatChunk, data: data, frames: data / frameBytes, others: others)
      var splice = ByteSplice()
      splice.append(header.front)
      for chunk in chunks where !chunk.isBehind { splice.append(chunk) }
      splice.append(header.end)
      for range in ranges { splice.append(range) }
      if data % 2 == 1 { splice.append([0]) }
      for chunk in chunks where chunk.isBehind { splice.append(chunk) }
      return splice
    }
    var chunks = layout.keptChunks
    if tagsInFront > 0 {
      chunks.append(WaveLayout.KeptChunk(name: "id3 ", body: 0..<tagsInFront, isBehind: true))
    }
    return Mending(
      repairs: repairs(chunks, data: data).map(Repair.wave), result: splice(chunks), bare: splice([]),
      frames: data / frameBytes)
  }

  private func repairs(_ chunks: [WaveLayout.KeptChunk], data: Int) -> [WaveRepair] {
    var repairs: [WaveRepair] = []
    for case .wave(let cause) in portability.map(\.cause) {
      let repair: WaveRepair =
        switch cause {
        case .inFront(let bytes): .droppedFront(bytes: bytes)
        case .validBits, .shortExtension, .frameSize, .secondFormat:
          .format(
            channels: format.channels, sampleRate: format.sampleRate, bits: (format.bitsPerSample + 7) / 8 * 8)
        case .unfilledSize, .smallSize, .largeSize: .sizes(bytes: data)
        case .lateFormat, .unpaddedChunk: .order
        case .dataChunks(let count): .joinedData(chunks: count)
        case .bw64, .missingWideSizes, .lateWideSizes, .wave64Floats, .unfilledWave64, .wave64Tail:
          .container(from: layout.container.rawValue)
        }
      if !repairs.contains(repair) { repairs.append(repair) }
    }
    if layout.stray.bytes > 0 { repairs.append(.dropped(bytes: layout.stray.bytes)) }
    if !chunks.isEmpty { repairs.append(.kept(FirstOf(chunks.map(\.name)))) }
    return repairs
  }
}

extension ByteSplice {
  /// Appends a chunk, padded to an even size.
  fileprivate mutating func append(_ chunk: WaveLayout.KeptChunk) {
    append(Array(chunk.name.utf8) + WaveHeader.little(chunk.body.count, 4))
    append(chunk.body)
    if chunk.body.count % 2 == 1 { append([0]) }
  }
}
