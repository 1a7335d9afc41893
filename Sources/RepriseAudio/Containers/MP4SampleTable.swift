import RepriseSystem

/// The places of the samples of a track by its sample table (ISO 14496-12 §8.7): chunks, and samples in them.
struct MP4SampleTable {
  private let bytes: Tables
  /// Number of samples.
  let sampleCount: Int
  /// Size of every sample in bytes; 0 if each has its own.
  private let constantSize: Int
  /// Width in bits of a size in the table.
  private let sizeBits: Int

  /// The ranges of the boxes.
  private struct Tables {
    var sizes = 0..<0
    var runs = 0..<0
    var chunks = 0..<0
    var hasWideChunks = false
  }

  /// Reads the boxes of a sample table; `nil` if one is missing.
  init?(_ bytes: RawSpan, _ table: Range<Int>) {
    var found = Tables()
    var (count, size, bits) = (0, 0, 32)
    for box in MP4Box.boxes(bytes, in: table) {
      // Version and flags precede the fields of each.
      let start = box.body.lowerBound + 4
      if box.has("stsz") {
        (size, count) = (Int(bytes.big32(at: start) ?? 0), Int(bytes.big32(at: start + 4) ?? 0))
        found.sizes = min(start + 8, box.body.upperBound)..<box.body.upperBound
      } else if box.has("stz2") {
        (bits, count) = (Int(bytes.byte(at: start + 3) ?? 0), Int(bytes.big32(at: start + 4) ?? 0))
        found.sizes = min(start + 8, box.body.upperBound)..<box.body.upperBound
      } else if box.has("stsc") {
        found.runs = min(start + 4, box.body.upperBound)..<box.body.upperBound
      } else if box.has("stco") || box.has("co64") {
        found.hasWideChunks = box.has("co64")
        found.chunks = min(start + 4, box.body.upperBound)..<box.body.upperBound
      }
    }
    guard [4, 8, 16, 32].contains(bits) else { return nil }
    self.bytes = found
    constantSize = size
    sizeBits = bits
    // What the table has room for.
    sampleCount = size > 0 ? count : min(count, found.sizes.count * 8 / bits)
  }

  /// Appends all samples to an unwrapping; returns `false` if the tables contradict themselves or the file.
  func append(
    to found: inout Unwrapping, _ source: RawSpan, packets: (samples: Int, bytes: Int)?, cancellation: Cancellation?
  ) throws(CancellationError) -> Bool {
    let width = bytes.hasWideChunks ? 8 : 4
    let chunkCount = bytes.chunks.count / width
    let runCount = bytes.runs.count / 12
    guard runCount > 0 else { return sampleCount == 0 }
    var run = 0
    var sample = 0
    for chunk in 0..<chunkCount where sample < sampleCount {
      if chunk & 1023 == 0 { try cancellation?.check() }
      // A run holds for all chunks from its first one, counted from 1, to the next run's.
      while run + 1 < runCount, let next = source.big32(at: bytes.runs.lowerBound + 12 * (run + 1)),
        Int(next) <= chunk + 1
      { run += 1 }
      let place = bytes.chunks.lowerBound + width * chunk
      guard let perChunk = source.big32(at: bytes.runs.lowerBound + 12 * run + 4), perChunk > 0,
        let start = bytes.hasWideChunks ? source.big64(at: place) : source.big32(at: place).map({ Int($0) }),
        start < 1 << 60
      else { return false }
      let count = min(Int(perChunk), sampleCount - sample)
      guard found.append(start, count: size(of: sample..<sample + count, source, packets), of: source.byteCount) else {
        return false
      }
      sample += count
    }
    return sample == sampleCount
  }

  /// Returns the size of consecutive samples in bytes.
  private func size(of samples: Range<Int>, _ source: RawSpan, _ packets: (samples: Int, bytes: Int)?) -> Int {
    if constantSize > 0 {
      // QuickTime counts the decoded samples of packets of constant size, each as one byte.
      if constantSize == 1, let packets, packets.samples > 0, packets.bytes > 0 {
        return Unwrapping.product(samples.count / packets.samples, packets.bytes)
      }
      return Unwrapping.product(samples.count, constantSize)
    }
    var sum = 0
    for sample in samples where sum < Unwrapping.mostBytes {
      switch sizeBits {
      case 4: sum += Int((source.byte(at: bytes.sizes.lowerBound + sample / 2) ?? 0) >> (sample % 2 == 0 ? 4 : 0) & 15)
      case 8: sum += Int(source.byte(at: bytes.sizes.lowerBound + sample) ?? 0)
      case 16: sum += source.big16(at: bytes.sizes.lowerBound + 2 * sample) ?? 0
      default: sum += Int(source.big32(at: bytes.sizes.lowerBound + 4 * sample) ?? 0)
      }
    }
    return min(sum, Unwrapping.mostBytes)
  }
}
