import RepriseSystem

/// The frames of a damaged mp3, and which of them are whole.
struct MP3SalvageCheck {
  /// A place between two frames at which frames are missing.
  struct Hole {
    /// Index of the frame behind it.
    let frame: Int
    /// Number of bytes there.
    let bytes: Int
    /// `true` if the bytes are not only zeros.
    let isGarbage: Bool
  }

  /// Offsets and headers of all frames, in order.
  private(set) var frames: [(offset: Int, word: UInt32)] = []
  /// `true` for each frame that is whole.
  private(set) var isWhole: [Bool] = []
  /// `true` for each frame that has the form of the stream.
  private(set) var isOwn: [Bool] = []
  /// Holes in order.
  private(set) var holes: [Hole] = []
  /// Kind of the frames of the stream.
  let kind: MP3FrameKind
  /// `true` if the frames of the stream have one channel.
  let isMono: Bool

  /// Largest number of frames in a row of another form: a damaged header looks like a few.
  private static let mostStrays = 3
  /// Number of granules per inexact one below which codes that end elsewhere are a habit of the encoder.
  private static let habit = 50

  /// Checks all frames; `nil` if they have several forms, or free format.
  init?(
    _ bytes: RawSpan, _ layout: MP3Layout, cancellation: Cancellation?, passed: (Int) -> Void
  ) throws(CancellationError) {
    let runs = layout.walk.runs
    guard let main = runs.max(by: { $0.frames < $1.frames }), main.kind.freeFormatLength == nil,
      !layout.walk.isShattered
    else { return nil }
    kind = main.kind
    isMono = main.isMono
    let (kind, isMono) = (kind, isMono)
    func isOwn(_ run: MP3Walk.Run) -> Bool { run.kind == kind && run.isMono == isMono }
    guard runs.allSatisfy({ isOwn($0) || $0.frames <= MP3SalvageCheck.mostStrays }) else { return nil }
    let claimed = layout.header?.frames ?? 0
    // Bytes that were put between whole frames cost nothing.
    let isInserted = claimed > 0 && claimed <= layout.walk.frames && layout.walk.headerCount == 0
    var check = MP3FrameCheck()
    var findings: [MP3FrameCheck.Finding?] = []
    var zeroed = MP3ZeroedFrames()
    var last: MP3Walk.Run?
    for run in runs {
      if let cancellation { try cancellation.check() }
      passed(run.start)
      let own = isOwn(run)
      if let last, run.start > last.end, !isInserted {
        let region = try NonAudioRegion(bytes, last.end..<run.start, cancellation: cancellation)
        let isJoint = layout.walk.headers.contains {
          last.end <= $0.range.lowerBound && $0.range.upperBound <= run.start
        }
        if !isJoint, !region.hasTags || region.unexplained > 0 {
          holes.append(Hole(frame: frames.count, bytes: region.range.count, isGarbage: region.unexplained > 0))
          check.interrupt()
          zeroed.interrupt()
          // The frame before a hole holds bytes of what is missing.
          if let frame = frames.last, region.unexplained > 0 || bytes.zeros(from: last.end - 4, to: last.end) == 4,
            frame.offset < last.end
          {
            isWhole[isWhole.count - 1] = false
          }
        }
      }
      if !own { check.interrupt() }
      last = run
      var position = run.start
      for index in 0..<run.frames {
        if index & 1023 == 1023 {
          if let cancellation { try cancellation.check() }
          passed(position)
        }
        guard let word = bytes.big32(at: position), let header = MPEGFrameHeader(word: Int(word)) else { return nil }
        let length = run.kind.length(word)
        guard length > 0, position + length <= bytes.byteCount else { return nil }
        frames.append((position, word))
        self.isOwn.append(own)
        isWhole.append(own)
        findings.append(own ? check.check(bytes.extracting(position..<position + length), header: header) : nil)
        zeroed.add(own ? bytes.extracting(position..<position + length) : nil, header)
        position += length
      }
      if !own { check.interrupt() }
    }
    let isExact = check.inexactGranules * MP3SalvageCheck.habit <= check.granules
    // An encoder that does not compute the checksum correctly gets all of them wrong.
    let isChecked = check.wrongChecksums * 2 <= check.protectedFrames
    for (index, finding) in findings.enumerated() {
      switch finding {
      case nil, .beforeStart: break
      case .suspect: if isExact { doubt(index) }
      case .checksum: if isChecked { doubt(index) }
      case .overlap, .lostReservoir: isWhole[index] = false
      case .sideInformation, .pastEnd, .codes: doubt(index)
      }
    }
    for index in zeroed.indices { isWhole[index] = false }
  }

  /// Gives up a frame whose bytes are damaged, and its neighbours, whose data lie beside its own: codes may end where they
  /// should although they are damaged.
  private mutating func doubt(_ index: Int) {
    for near in max(index - 1, 0)...min(index + 1, isWhole.count - 1) { isWhole[near] = false }
  }

  /// Returns the size of a frame in bytes.
  func length(_ index: Int) -> Int { isOwn[index] ? kind.length(frames[index].word) : 0 }
}
