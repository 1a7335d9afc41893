import RepriseAudio

/// A fact about a recording that only its samples tell.
enum Measure: Equatable {
  /// Where in a stretch there is sound.
  case sound(Range<Int>, level: Double)
  /// The best passage of so many frames in a stretch, at least so many.
  case passage(Range<Int>, frames: Int, least: Int)
  /// How many bits the samples of a stretch really have.
  case exactness(Range<Int>)
  /// How large a flac of it will be, counting one block out of a group.
  case size(Work.Encode, group: Int)
  /// How high its peaks are on the way to an encoder.
  case level(Work.Encode)
}

extension Work.Encode {
  /// The same samples, whatever encodes them and however loud: what a level is measured of.
  var atFullLevel: Work.Encode {
    var work = self
    work.gain = 1
    work.encoding = .wavFloat
    work.mayClip = true
    return work
  }
}
