import RepriseAudio
import Foundation

/// Inspects each input as a file, by a skim, by its structure and by decoding it all, and holds the answers to what is
/// always true.
///
/// - Parameter file: what stands in the file for an input.
public func fuzzInspection(of file: @escaping ([UInt8]) -> [UInt8] = { $0 }) -> Never {
  let memory = MemoryFile()
  fuzz { input in
    let bytes = file(input)
    memory.fill(bytes)
    let skimmed = skimBlocking(path: memory.path, limits: AudioLimits())
    precondition((skimmed.integrity.skim?.bytesRead ?? .max) <= 160_000, "more was read than a skim reads")
    check(skimmed, bytes: bytes.count)
    for deep in [false, true] {
      let found = inspectBlocking(path: memory.path, limits: AudioLimits(), deep: deep)
      check(found, bytes: bytes.count)
      guard let mending = found.notes.mending else { continue }
      for splice in [mending.result, mending.bare].compactMap({ $0 }) {
        let mended = spliced(splice, of: bytes)
        precondition(mended.count == splice.byteCount, "a splice of another size than it has")
        memory.fill(mended)
        check(inspectBlocking(path: memory.path, limits: AudioLimits(), deep: deep), bytes: mended.count)
      }
      memory.fill(bytes)
    }
  }
}

/// The bytes of a splice, whose ranges lie in the file.
private func spliced(_ splice: ByteSplice, of bytes: [UInt8]) -> [UInt8] {
  splice.pieces.flatMap { piece -> [UInt8] in
    switch piece {
    case .bytes(let bytes): return bytes
    case .source(let range):
      precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a splice beyond the file")
      return Array(bytes[range])
    }
  }
}

/// Lengths are numbers, places lie in the file, and every answer can be written as JSON and read back.
private func check(_ inspection: Inspection, bytes: Int) {
  if let duration = inspection.duration {
    let lengths = [
      duration.seconds, duration.declaredSeconds, duration.countedSeconds, duration.decodedSeconds,
    ].compactMap { $0 }
    precondition(lengths.allSatisfy { $0.isFinite && $0 >= 0 }, "a length is no number: \(duration)")
    precondition(duration.frames >= 0, "a negative length")
  }
  if let audioBytes = inspection.audioBytes {
    // A container may leave out the bytes with which every frame begins.
    let most = max(bytes, inspection.notes.unwrapping?.byteCount ?? 0)
    precondition((0...most).contains(audioBytes), "audio beyond the file")
  }
  for damage in inspection.integrity.damage {
    precondition(damage.start.isFinite && damage.end.isFinite && 0 <= damage.start && damage.start <= damage.end)
  }
  for skipped in inspection.integrity.skipped {
    precondition(0 <= skipped.start && skipped.start <= skipped.end && skipped.end <= bytes, "\(skipped)")
  }
  guard let json = try? JSONEncoder().encode(inspection),
    (try? JSONDecoder().decode(Inspection.self, from: json)) != nil
  else { preconditionFailure("no JSON of \(inspection)") }
}
