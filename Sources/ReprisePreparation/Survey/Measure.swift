import RepriseAudio

/// A measurement of a recording's samples.
enum Measure: Equatable {
  /// The position of sound in a stretch.
  case sound(Range<Int>, level: Double)
  /// The stretches of silence, longer than `longest` frames, of which the surplus is left out.
  case removals(Range<Int>, longest: Int, level: Double)
  /// The relations of the channels in a stretch.
  case channels(Range<Int>)
  /// The best passage of `frames` frames, at least `least`, in a stretch.
  case passage(Range<Int>, frames: Int, least: Int)
  /// The number of bits actually used by the samples of a stretch.
  case exactness(Range<Int>)
  /// The size of a stretch as FLAC, predicted from one block of each group.
  case size(Work.Encode, group: Int)
  /// The peak level of a stretch before encoding.
  case level(Work.Encode)
}

extension Work.Encode {
  /// The encoding of the same samples with neutral values for format and gain, for measuring the level.
  var atFullLevel: Work.Encode {
    var work = self
    work.gain = 1
    work.encoding = .wavFloat
    work.mayClip = true
    return work
  }
}
