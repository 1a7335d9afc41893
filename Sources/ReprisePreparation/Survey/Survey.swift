public import RepriseAudio
import RepriseSystem

/// What was measured of a recording's samples, for `makePlan`.
///
/// It holds only what the plan depends on: nothing where the inspection says it all.
public struct Survey: Sendable, Equatable {
  /// Where there is sound.
  struct Sound: Sendable, Equatable {
    /// The stretch that was looked at.
    let part: Range<Int>
    /// What is silence, in dBFS.
    let level: Double
    /// From the first sound to the last; `nil` if there is none.
    let frames: Range<Int>?
    /// The loudest 20 ms, in dBFS; −∞ for digital silence.
    let loudest: Double
  }

  /// The passage to use of a recording that is too long.
  struct Passage: Sendable, Equatable {
    /// The stretch that was looked at.
    let part: Range<Int>
    /// The most frames it was to have.
    let most: Int
    /// The passage.
    let frames: Range<Int>
    /// Why this one.
    let reason: PassageReason
  }

  /// How high samples go on their way to an encoder.
  struct Level: Sendable, Equatable {
    /// The samples themselves, 1 for full scale.
    let samplePeak: Double
    /// The signal between them (ITU-R BS.1770), at least the samples' peak.
    let truePeak: Double
  }

  private(set) var sounds: [Sound] = []
  private(set) var passages: [Passage] = []
  private var exactness: [Range<Int>: Int] = [:]
  private var sizes: [(work: Work.Encode, size: FLACSize.Foreseen)] = []
  private var levels: [(work: Work.Encode, level: Level)] = []

  /// Nothing measured.
  public init() {}

  /// Two surveys that hold the same.
  public static func == (one: Survey, other: Survey) -> Bool {
    one.sounds == other.sounds && one.passages == other.passages && one.exactness == other.exactness
      && one.sizes.elementsEqual(other.sizes, by: ==) && one.levels.elementsEqual(other.levels, by: ==)
  }

  func sound(in part: Range<Int>, over level: Double) -> Sound? {
    sounds.first { $0.part == part && $0.level == level }
  }

  func passage(in part: Range<Int>, frames: Int) -> Passage? {
    passages.first { $0.part == part && $0.most == frames }
  }

  /// How many bits the samples really have; 33 and more where no integer of 32 bits holds them.
  func bits(in frames: Range<Int>) -> Int? { exactness[frames] }

  func size(of work: Work.Encode) -> FLACSize.Foreseen? { sizes.last { $0.work == work }?.size }

  func level(of work: Work.Encode) -> Level? { levels.last { $0.work == work.atFullLevel }?.level }

  mutating func add(_ sound: Sound) { sounds.append(sound) }
  mutating func add(_ passage: Passage) { passages.append(passage) }
  mutating func add(bits: Int, in frames: Range<Int>) { exactness[frames] = bits }
  mutating func add(_ size: FLACSize.Foreseen, of work: Work.Encode) { sizes.append((work, size)) }
  mutating func add(_ level: Level, of work: Work.Encode) { levels.append((work.atFullLevel, level)) }
}

/// Measures what a plan depends on and the inspection does not tell: where the sound begins, which passage recurs,
/// whether floats are integers in disguise, how large a flac will be, how high the peaks go that an encoder gets.
///
/// It reads the recording as often as there are such questions, up to four times, in memory that does not grow with
/// it, on a thread of its own; where there are none it reads nothing.
/// - Parameter progress: called often with the share that is done of the current reading, 0…1.
/// - Throws: `PreparationError` as `makePlan`, `AudioFileError` if it cannot be read, `CancellationError`.
public func survey(
  _ inspection: Inspection, limits: AudioLimits, options: PreparationOptions = PreparationOptions(),
  progress: @escaping @Sendable (Double) -> Void = { _ in }
) async throws -> Survey {
  try await offPool("reprise.survey") { cancellation in
    let surveyor = Surveyor(path: inspection.path, cancellation: cancellation, progress: progress)
    var survey = Survey()
    // Each answer may raise the next question; the bound only keeps a mistake from lasting for ever.
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
    return survey
  }
}
