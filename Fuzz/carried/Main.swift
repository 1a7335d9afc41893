import FuzzSupport
import RepriseAudio

/// Tags as they are read, fitted to every format, with and without a cut, and read again.
///
/// Files that ffmpeg would read are left out.
@main
enum Main {
  static func main() {
    let memory = MemoryFile()
    fuzz { input in
      let marks = ["ID3", "fLaC", "RIFF", "RF64", "OggS"].map { Array($0.utf8) } + [[0xFF]]
      guard marks.contains(where: { input.starts(with: $0) }) else { return }
      memory.fill(input)
      guard let found = try? TagReader.read(memory.path) else { return }
      for format in [FileFormat.mp3, .flac, .wav] {
        for isCut in [false, true] {
          let change = TagChange(
            format: format, part: 1...2, isCut: isCut, sampleRates: (from: 44100, to: 48000), keepsSamples: isCut,
            keepsBytes: isCut, room: isCut ? 1000 : 1 << 20, limit: 1 << 20)
          let carried = TagCarrier.carry(found.tags, change)
          precondition(carried.byteCount <= change.room, "more than there is room for")
          guard case .id3(let tag)? = carried.payload else { continue }
          memory.fill(tag + [0xFF, 0xFB, 0x14, 0xC0] + [UInt8](repeating: 0, count: 92))
          guard let again = try? TagReader.read(memory.path), !again.tags.isEmpty else { continue }
          precondition(again.tags.pictures.count == carried.pictures, "a picture is lost")
          memory.fill(input)
        }
      }
    }
  }
}
