internal import RepriseSignal
import RepriseSystem

/// An mp3 whose sample rate or number of channels changes, decoded section by section to the richest form that occurs.
///
/// Each section is decoded at its own rate and resampled by soxr; mono is played on both channels. libmpg123 would repeat
/// samples instead.
final class MP3SectionStream {
  /// Sample rate in Hz, the highest of all sections.
  let sampleRate: Int
  /// Number of channels, 1 or 2, the larger of all sections.
  let channels: Int
  private let path: String
  private let layout: MP3Layout
  private let sections: [MP3Sections.Section]
  private let cancellation: Cancellation?
  /// Index of the next section.
  private var next = 0
  private var stream: Mpg123Stream?
  private var resampler: StreamResampler?
  /// Samples that were decoded and not read yet, from index `start` on.
  private var pending: [Float] = []
  private var start = 0

  /// Largest number of sections that are decoded each on its own.
  private static let mostSections = 64
  private static let blockFrames = 4096

  /// Opens the sections of a file; `nil` if there is one only, or so many that they are no recordings.
  init?(path: String, _ layout: MP3Layout, cancellation: Cancellation?) {
    guard layout.walk.changeCount > 0, layout.walk.strays == 0 else { return nil }
    let sections = MP3Sections(layout.walk).all
    guard (2...MP3SectionStream.mostSections).contains(sections.count) else { return nil }
    self.path = path
    self.layout = layout
    self.sections = sections
    self.cancellation = cancellation
    sampleRate = layout.sampleRate
    channels = layout.channels
  }

  /// Fills the array with interleaved samples of the recording and returns their number; 0 at the end.
  func read(into samples: inout [Float]) throws(AudioFileError) -> Int {
    var filled = 0
    while filled < samples.count {
      if start == pending.count {
        pending.removeAll(keepingCapacity: true)
        start = 0
        guard try refill() else { break }
        continue
      }
      let count = min(samples.count - filled, pending.count - start)
      for index in 0..<count { samples[filled + index] = pending[start + index] }
      filled += count
      start += count
    }
    return filled
  }

  /// Decodes some more samples, or opens the next section; returns `false` at the end.
  private func refill() throws(AudioFileError) -> Bool {
    guard stream != nil else { return try openNext() }
    let own = sections[next - 1].channels
    var block = [Float](repeating: 0, count: MP3SectionStream.blockFrames * own)
    let got = try stream?.read(into: &block) ?? 0
    block.removeLast(block.count - got)
    do throws(SignalError) {
      if got > 0 {
        pending = spread(try resampler?.process(block) ?? block, from: own)
      } else {
        stream = nil
        if let rest = try resampler.take()?.finish() { pending = spread(rest, from: own) }
      }
    } catch {
      throw AudioFileError(path: path, .library(.mpg123Decoding(reason: "\(error)")))
    }
    return true
  }

  private func openNext() throws(AudioFileError) -> Bool {
    guard next < sections.count else { return false }
    let section = sections[next]
    next += 1
    guard let own = MP3Layout(layout, section: section) else { return true }
    stream = try Mpg123Stream(try InputFile(path: path), own, cancellation: cancellation)
    guard section.sampleRate != sampleRate else { return true }
    do throws(SignalError) {
      resampler = try StreamResampler(
        channels: section.channels, from: Double(section.sampleRate), to: Double(sampleRate))
    } catch {
      throw AudioFileError(path: path, .library(.mpg123Opening(reason: "\(error)")))
    }
    return true
  }

  /// Returns samples of one channel on all channels of the result.
  private func spread(_ samples: [Float], from own: Int) -> [Float] {
    own == channels ? samples : samples.flatMap { [$0, $0] }
  }
}
