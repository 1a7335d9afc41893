import RepriseSystem

/// A fact that an inspection found, with its numbers.
///
/// A finding holds no advice and no layout; the command turns it into text.
public enum Finding: Sendable, Equatable, Codable {
  // MARK: Limits of the service

  /// The audio is shorter than the service accepts; both in seconds.
  case tooShort(seconds: Double, minimum: Double)
  /// The audio is longer than the service accepts; both in seconds.
  case tooLong(seconds: Double, maximum: Double)
  /// The file is larger than the service accepts; both in bytes.
  case tooLarge(bytes: Int, maximum: Int)
  /// The service does not accept files of this format, such as "flac" or "aac in m4a"; the accepted formats are in order
  /// of their names.
  case formatNotAccepted(String, accepted: [FileFormat])
  /// The header claims a length other than that of the file; both in seconds.
  case headerLies(declared: Double, actual: Double, basis: Inspection.Duration.Basis)
  /// Some tools report a length on the other side of a limit; all in seconds.
  case lengthRisk(seconds: Double, limit: Double, reported: [ReportedDuration])
  /// The size exceeds the limit in megabytes (`maximum` bytes) and not in mebibytes (`binaryMaximum` bytes).
  case sizeRisk(bytes: Int, maximum: Int, binaryMaximum: Int)

  /// Some decoders misread the file, though its audio is whole.
  case notPortable(Portability)

  // MARK: Samples

  /// There is no audio whose length could be measured.
  case immeasurable
  /// No sample is louder than −80 dBFS, and what there is are the steps of the encoding or steady noise.
  case silent
  /// The peak, as a fraction of full scale, is under −50 dBFS, though there is sound.
  case quiet(peak: Double)
  /// The fraction of samples in flat tops exceeds 0.001.
  ///
  /// `share` is 0 to 1; `runs` is `nil` if the positions are not known.
  case clipped(share: Double, runs: ClippedRuns?)
  /// The peak of a float encoding, as a fraction of full scale, exceeds 1, and nothing is clipped.
  case overFullScale(peak: Double)
  /// Channels, by their numbers from 1, that are silent beside others that are not.
  case silentChannels([Int], of: Int)
  /// Two channels, by their numbers from 1, with the same samples.
  case identicalChannels(Int, Int)
  /// Two channels, by their numbers from 1, of which one is the other with its sign changed, exactly or almost so.
  ///
  /// `loss` is the level of their mean under their own, in dB; `nil` if nothing is left of it.
  case invertedChannels(Int, Int, loss: Double?)
  /// Channels whose mean differs from 0 by one hundredth of full scale or more.
  case offCentre([ChannelOffset])
  /// Decoding yielded another number of frames than counting.
  case frameCount(counted: Int, decoded: Int)

  // MARK: Skims

  /// A probe of an mp3 or flac holds no frame, though frames precede and follow it.
  case skimmedNoFrames(offset: Int, bytes: Int, areZeros: Bool)
  /// The frames of a probe have another sample rate (in Hz) or number of channels than the first.
  case skimmedChange(offset: Int, sampleRate: Int, channels: Int, firstRate: Int, firstChannels: Int)
  /// A text that a radio server put between the bytes of an mp3.
  case skimmedStreamText(offset: Int)
  /// The header claims another length than the size of the file, or the number of its last frame, makes likely; both in
  /// seconds; `claimed` is `nil` if the header claims none.
  case skimmedLength(claimed: Double?, likely: Double)
  /// The bit rate varies, from `least` to `most` kbit/s in the probes, and no header tells the length, which is
  /// estimated.
  case skimmedEstimate(least: Int, most: Int)
  /// No frame was found that ends where the audio does.
  case skimmedEnd(offset: Int)
  /// Bytes that are no audio follow the last frame of a flac.
  case skimmedRest(bytes: Int, [NonAudio])
  /// The length of a container that other decoders read is known only when they have decoded it.
  case skimmedUndecoded
  /// To know more, more bytes would have to be read than a skim reads.
  case skimmedTooLittle(bytes: Int)

  // MARK: File

  /// Line ends were changed throughout, as by a transfer of the file as text: a carriage return stands before each of
  /// `lineFeeds` line feeds, or before none.
  case lineEnds(lineFeeds: Int, isExpanded: Bool)
  /// The file, or its samples, could not be read.
  case failed(AudioFileError)
  /// A finding that only a wav has.
  case wave(WaveFinding)
  /// A finding that only a flac has.
  case flac(FLACFinding)
  /// A finding that only an mp3 has.
  case mp3(MP3Finding)
  /// A finding about the container around an mp3 or flac stream.
  case container(ContainerFinding)
}

/// Flat tops: runs of three or more equal samples at the ceiling of a recording.
public struct ClippedRuns: Sendable, Equatable, Codable {
  /// Number of runs, over all channels.
  public let count: Int
  /// First run.
  package let first: Inspection.TimeSpan
  /// Longest run.
  public let longest: Inspection.TimeSpan
  /// Level of the runs as a fraction of full scale; `nil` for full scale.
  package let level: Double?

  /// Creates a summary of runs.
  package init(count: Int, first: Inspection.TimeSpan, longest: Inspection.TimeSpan, level: Double? = nil) {
    self.count = count
    self.first = first
    self.longest = longest
    self.level = level.flatMap { (0.9999...1.0001).contains($0) ? nil : $0 }
  }
}

/// A channel whose samples are not centred on 0.
public struct ChannelOffset: Sendable, Equatable, Codable {
  /// Number of the channel, from 1.
  public let channel: Int
  /// Mean of the samples as a fraction of full scale, signed.
  public let mean: Double

  /// Creates the offset of a channel.
  package init(channel: Int, mean: Double) {
    self.channel = channel
    self.mean = mean
  }
}

/// A block of a file other than its audio: a chunk of a wav, a metadata block of a flac.
public struct SideBlock<Kind: Sendable & Equatable & Codable>: Sendable, Equatable, Codable {
  /// Kind of block.
  package let kind: Kind
  /// Claimed size of the body in bytes.
  package let bytes: Int

  /// Creates a block.
  package init(kind: Kind, bytes: Int) {
    self.kind = kind
    self.bytes = bytes
  }
}

/// The first ten of any number of elements, and their total count.
public struct FirstOf<Element: Sendable & Equatable & Codable>: Sendable, Equatable, Codable {
  /// First elements.
  public private(set) var first: [Element] = []
  /// Number of elements.
  public private(set) var count = 0

  /// Largest number of elements that are kept.
  static var kept: Int { 10 }

  /// Creates an empty list.
  package init() {}

  /// Creates a list of all elements, of which the first ten are kept.
  package init(_ elements: [Element]) { for element in elements { append(element) } }

  /// Counts an element, and keeps it if it is among the first ten.
  mutating func append(_ element: Element) {
    count += 1
    if first.count < Self.kept { first.append(element) }
  }
}

extension Finding: CustomStringConvertible {
  /// Description in a few words.
  public var description: String {
    switch self {
    case .tooShort(let seconds, let minimum):
      "\(BoundaryRisk.exact(seconds, near: minimum)) long, minimum \(describe(seconds: minimum))"
    case .tooLong(let seconds, let maximum):
      "\(BoundaryRisk.exact(seconds, near: maximum)) long, maximum \(describe(seconds: maximum))"
    case .tooLarge(let bytes, let maximum): "\(bytes) bytes, maximum \(maximum)"
    case .formatNotAccepted(let format, let accepted):
      "\(format), accepted are \(accepted.map(\.rawValue).joined(separator: ", "))"
    case .headerLies(let declared, let actual, let basis):
      "header claims \(describe(seconds: declared)), \(describe(seconds: actual)) \(basis.rawValue)"
    case .lengthRisk(let seconds, let limit, let reported):
      "\(BoundaryRisk.exact(seconds, near: limit)) long, beyond the limit of \(describe(seconds: limit)) for some tools ("
        + reported.map { BoundaryRisk.exact($0.seconds, near: limit) }.joined(separator: ", ") + ")"
    case .sizeRisk(let bytes, let maximum, let binary):
      "\(bytes) bytes, between the limit in MB (\(maximum) bytes) and in MiB (\(binary) bytes)"
    case .notPortable(let portability): portability.phrase
    case .immeasurable: "no measurable audio"
    case .silent: "silent: no sample over −80 dBFS"
    case .quiet(let peak): "quiet: peak at \(describe(level: peak))"
    case .overFullScale(let peak): "peaks at \(describe(level: peak)), not clipped"
    case .silentChannels(let channels, let count):
      "silent channels of \(count): \(channels.map(String.init).joined(separator: ", "))"
    case .identicalChannels(let one, let other): "channels \(one) and \(other) identical"
    case .invertedChannels(let one, let other, let loss):
      "channels \(one) and \(other) inverted"
        + (loss.map { ", their mean \(fixed($0, decimals: 1)) dB under them" } ?? "")
    case .clipped(let share, _): "\(fixed(share * 100, decimals: 1)) % of the samples clipped"
    case .offCentre(let channels):
      "DC offset: "
        + channels.map { "channel \($0.channel) by \(fixed($0.mean * 100, decimals: 1)) %" }.joined(separator: ", ")
    case .frameCount(let counted, let decoded): "\(counted) frames counted, \(decoded) decoded"
    case .lineEnds(let count, true): "\(counted(count, "line feed")) in it, each after a carriage return"
    case .lineEnds(let count, false): "\(counted(count, "line feed")) in it, none after a carriage return"
    case .skimmedNoFrames(let offset, let bytes, let areZeros):
      areZeros ? "\(bytes) zeros at byte \(offset)" : "no frame in \(bytes) bytes at byte \(offset)"
    case .skimmedChange(let offset, let rate, let channels, let firstRate, let firstChannels):
      "\(rate) Hz, \(counted(channels, "channel")) at byte \(offset), \(firstRate) Hz, "
        + "\(counted(firstChannels, "channel")) at the start"
    case .skimmedStreamText(let offset): "metadata of a radio stream at byte \(offset)"
    case .skimmedLength(let claimed, let likely):
      "header claims \(claimed.map { describe(seconds: $0) } ?? "no length"), \(describe(seconds: likely)) likely"
    case .skimmedEstimate(let least, let most): "no length in a header, \(least) to \(most) kbit/s; length estimated"
    case .skimmedEnd(let offset): "no frame ends at byte \(offset)"
    case .skimmedRest(let bytes, let kinds):
      "\(counted(bytes, "byte")) behind the last frame (\(kinds.map(\.rawValue).joined(separator: ", ")))"
    case .skimmedUndecoded: "length not known before it is decoded"
    case .skimmedTooLittle(let bytes): "not known from \(bytes) bytes"
    case .failed(let error): "\(error.problem)"
    case .wave(let finding): "\(finding)"
    case .flac(let finding): "\(finding)"
    case .mp3(let finding): "\(finding)"
    case .container(let finding): "\(finding)"
    }
  }
}
