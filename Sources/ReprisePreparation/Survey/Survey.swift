package import RepriseAudio
import RepriseSystem

/// Measurements of a recording's samples, for `makePlan`.
///
/// A survey holds only what the plan depends on: nothing where the inspection suffices.
package struct Survey: Sendable, Equatable {
  /// The uses of a survey, which require figures of different exactness.
  package enum Purpose: Sendable {
    /// The plan is shown: sizes are counted as exactly as a limit requires.
    case report
    /// The plan is executed at once: what is made anyway is not made before to count it, unless it would probably be
    /// made in vain.
    case execution
  }

  /// The position of sound in a stretch.
  struct Sound: Sendable, Equatable {
    /// Frame indices of the stretch.
    let part: Range<Int>
    /// Silence threshold in dBFS.
    let level: Double
    /// Frame indices from the first sound to the last; `nil` if there is none.
    let frames: Range<Int>?
    /// Level of the loudest 20 ms, in dBFS; −∞ for digital silence.
    let loudest: Double
  }

  /// The passage to use of a recording that is too long.
  struct Passage: Sendable, Equatable {
    /// Frame indices of the stretch.
    let part: Range<Int>
    /// Requested maximum number of frames.
    let most: Int
    /// Frame indices of the passage.
    let frames: Range<Int>
    /// Reason for the choice of the passage.
    let reason: PassageReason
  }

  /// The peak level of samples before encoding.
  struct Level: Sendable, Equatable {
    /// Sample peak; 1 is full scale.
    let samplePeak: Double
    /// True peak (ITU-R BS.1770), at least the sample peak; 1 is full scale.
    let truePeak: Double
    /// `true` if there is nothing but silence, as `FaintSignal` defines it.
    let isSilent: Bool
  }

  /// The relations of the channels of a stretch; channels are indices.
  struct Channels: Sendable, Equatable {
    /// Frame indices of the stretch.
    let part: Range<Int>
    /// Channels without sound.
    let silent: [Int]
    /// `true` if all others have the same samples.
    let areEqual: Bool
    /// Energy of the mean of the others as a fraction of the mean of their energies, 0…1; `nil` if unknown.
    let mixRatio: Double?
  }

  private(set) var sounds: [Sound] = []
  private(set) var passages: [Passage] = []
  private(set) var channels: [Channels] = []
  private var removals: [Range<Int>: [Range<Int>]] = [:]
  private var exactness: [Range<Int>: Int] = [:]
  private var sizes: [(work: Work.Encode, size: FLACSize.Foreseen)] = []
  private var levels: [(work: Work.Encode, level: Level)] = []

  /// Tags of the recording; `nil` if there are none, or they were not read.
  package internal(set) var tags: TagReader.Found?

  /// Use of the survey.
  let purpose: Purpose

  /// Creates an empty survey.
  package init(for purpose: Purpose = .report) { self.purpose = purpose }

  /// Returns `true` if two surveys hold the same measurements.
  package static func == (one: Survey, other: Survey) -> Bool {
    one.sounds == other.sounds && one.passages == other.passages && one.exactness == other.exactness
      && one.channels == other.channels && one.tags == other.tags && one.removals == other.removals
      && one.sizes.elementsEqual(other.sizes, by: ==) && one.levels.elementsEqual(other.levels, by: ==)
  }

  func sound(in part: Range<Int>, over level: Double) -> Sound? {
    sounds.first { $0.part == part && $0.level == level }
  }

  func passage(in part: Range<Int>, frames: Int) -> Passage? {
    passages.first { $0.part == part && $0.most == frames }
  }

  func channels(in part: Range<Int>) -> Channels? { channels.last { $0.part == part } }

  /// Returns the stretches of a part that are left out as surplus silence.
  func removals(in part: Range<Int>) -> [Range<Int>]? { removals[part] }

  /// Returns the number of bits that the samples actually use; 33 or more if no 32-bit integer holds them.
  func bits(in frames: Range<Int>) -> Int? { exactness[frames] }

  func size(of work: Work.Encode) -> FLACSize.Foreseen? { sizes.last { $0.work == work }?.size }

  func level(of work: Work.Encode) -> Level? { levels.last { $0.work == work.atFullLevel }?.level }

  mutating func add(_ sound: Sound) { sounds.append(sound) }
  mutating func add(_ passage: Passage) { passages.append(passage) }
  mutating func add(_ found: Channels) { channels.append(found) }
  mutating func add(removals found: [Range<Int>], in part: Range<Int>) { removals[part] = found }
  mutating func add(bits: Int, in frames: Range<Int>) { exactness[frames] = bits }
  mutating func add(_ size: FLACSize.Foreseen, of work: Work.Encode) { sizes.append((work, size)) }
  mutating func add(_ level: Level, of work: Work.Encode) { levels.append((work.atFullLevel, level)) }
}

/// Measures the properties of the samples on which a plan depends: the edges of the sound, silence inside, the
/// relations of the channels, the recurring passage, the bits actually used, the size as FLAC, and the peak level before encoding.
///
/// Only those that the plan needs and the inspection lacks are measured. The recording is read once for each, up to
/// four times, in memory independent of its length, on a separate thread; if there are none, nothing is read.
///
/// - Parameters:
///   - inspection: The inspection of the recording.
///   - limits: The limits of the service.
///   - options: The requested changes.
///   - purpose: The use of the plan.
///   - progress: A closure called often with the completed share of the current reading, 0…1.
/// - Returns: The measurements.
/// - Throws: `PreparationError`, as `makePlan`, `AudioFileError` if the recording cannot be read, or
///   `CancellationError`.
package func survey(
  _ inspection: Inspection, limits: AudioLimits, options: PreparationOptions = PreparationOptions(),
  for purpose: Survey.Purpose = .report, progress: @escaping @Sendable (Double) -> Void = { _ in }
) async throws -> Survey {
  try await offPool("reprise.survey") { cancellation in
    let surveyor = Surveyor(path: inspection.path, cancellation: cancellation, progress: progress)
    var survey = Survey(for: purpose)
    // Each measurement may require another; the bound only prevents an endless loop in case of an error.
    for _ in 0..<12 {
      try cancellation.check()
      guard let measure = try Planner.measure(inspection, limits: limits, options: options, survey: survey) else {
        break
      }
      do {
        try surveyor.answer(measure, in: &survey)
      } catch let error as AudioFileError where error.code == .cancelled {
        throw CancellationError()
      }
    }
    try surveyor.readTags(of: inspection, limits: limits, options: options, in: &survey)
    return survey
  }
}
