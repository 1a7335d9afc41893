/// The styles known to the engine.
enum StyleBook {
  /// The style for a prompt that names none; its instruments suit any melody.
  static let fallback = folk

  static let all = [folk, orchestral, synthwave, jazz, rock, piano, bossa, lofi, chiptune]

  static let folk = Style(
    name: "acoustic folk",
    keywords: [
      "acoustic": 2, "folk": 3, "country": 2.5, "campfire": 3, "unplugged": 3, "guitar": 1, "americana": 3,
      "bluegrass": 3, "singer-songwriter": 2.5, "indie": 1, "warm": 0.5, "intimate": 0.5, "strummed": 2, "celtic": 2.5,
      "irish": 2.5, "banjo": 2, "rustic": 1,
    ],
    lead: .init(program: 73, volume: 108, pan: 0.05, reverb: 0.4), leadRange: 60...91,
    doubling: (.init(program: 40, volume: 70, pan: -0.25, reverb: 0.45), -12),
    chords: [
      .init(
        voice: .init(program: 25, volume: 88, pan: -0.35, reverb: 0.25),
        pattern: .init("X---x-x-..x-x-x-", "X---x-x-x-x-"), centre: 57, strum: 0.014)
    ],
    arpeggio: .init(
      voice: .init(program: 24, volume: 74, pan: 0.4, reverb: 0.3), pattern: .init("0-2-1-3-2-4-1-3-", "0-2-1-3-2-1-"),
      centre: 58),
    bass: .init(
      voice: .init(program: 32, volume: 96, reverb: 0.1), pattern: .init("R-------5-------", "R-------5---"), centre: 38
    ),
    kit: .init(program: 0, volume: 70, reverb: 0.25),
    drums: [
      .init(key: 82, pattern: .init("5.3.6.3.5.3.6.3.", "5.3.6.3.6.3."), fromLevel: 0.25),
      .init(key: 36, pattern: .init("6.......6.......", "6..........."), fromLevel: 0.4),
      .init(key: 37, pattern: .init("....5.......5...", "....4...4..."), fromLevel: 0.5),
    ])

  static let orchestral = Style(
    name: "orchestral",
    keywords: [
      "orchestral": 3, "orchestra": 3, "symphonic": 3, "symphony": 3, "classical": 2.5, "cinematic": 2.5, "strings": 2,
      "string": 1.5, "epic": 2, "film": 1.5, "soundtrack": 1.5, "baroque": 2, "violin": 1, "cello": 1.5, "harp": 1.5,
      "majestic": 1.5, "quartet": 1.5, "choir": 1, "ethereal": 1, "ambient": 1,
    ],
    lead: .init(program: 68, volume: 108, pan: 0.1, reverb: 0.6), leadRange: 58...88,
    doubling: (.init(program: 48, volume: 84, pan: -0.3, reverb: 0.6), 0),
    chords: [
      .init(
        voice: .init(program: 45, volume: 78, pan: -0.3, reverb: 0.5),
        pattern: .init("X...x...x...x...", "X...x...x..."), centre: 60, gate: 0.9, fromLevel: 0.35)
    ],
    pad: .init(
      voice: .init(program: 49, volume: 84, pan: -0.1, reverb: 0.6),
      pattern: .init("----------------", "------------"), centre: 59, gate: 1),
    arpeggio: .init(
      voice: .init(program: 46, volume: 80, pan: 0.45, reverb: 0.55),
      pattern: .init("0-1-2-3-4-3-2-1-", "0-1-2-3-4-2-"),
      centre: 58),
    bass: .init(
      voice: .init(program: 43, volume: 96, pan: 0.25, reverb: 0.4), pattern: .init("R---------------", "R-----------"),
      centre: 38, gate: 1),
    kit: .init(program: 48, volume: 80, reverb: 0.6),
    drums: [.init(key: 41, pattern: .init("7...........3.4.", "7.......3.4."), fromLevel: 0.7)])

  static let synthwave = Style(
    name: "synthwave",
    keywords: [
      "synthwave": 4, "synth": 2.5, "electronic": 3, "electro": 3, "retro": 1.5, "80s": 2.5, "eighties": 2.5, "edm": 3,
      "dance": 2, "techno": 3, "house": 2.5, "trance": 3, "neon": 2, "disco": 2, "club": 2, "synthesizer": 2.5,
      "synthpop": 3, "cyberpunk": 2.5, "futuristic": 2, "vaporwave": 3,
    ],
    lead: .init(program: 81, volume: 98, pan: 0, reverb: 0.45), leadRange: 60...91,
    doubling: (.init(program: 80, volume: 62, pan: 0.3, reverb: 0.4), 12),
    chords: [],
    pad: .init(
      voice: .init(program: 90, volume: 78, pan: -0.15, reverb: 0.5),
      pattern: .init("----------------", "------------"),
      centre: 60, gate: 1),
    arpeggio: .init(
      voice: .init(program: 84, volume: 62, pan: 0.4, reverb: 0.35), pattern: .init("0121324301213243", "012132430121"),
      centre: 66, gate: 0.6),
    bass: .init(
      voice: .init(program: 38, volume: 104, reverb: 0.05), pattern: .init("R.R.8.R.R.R.8.R.", "R.R.8.R.8.R."),
      centre: 36,
      gate: 0.8),
    kit: .init(program: 25, volume: 104, reverb: 0.15),
    drums: [
      .init(key: 36, pattern: .init("9...9...9...9...", "9...9...9...")),
      .init(key: 40, pattern: .init("....9.......9...", "....8...8..."), fromLevel: 0.3),
      .init(key: 42, pattern: .init("..6...6...6...6.", "..6...6...6.")),
      .init(key: 46, pattern: .init("..............6.", "..........5."), fromLevel: 0.6),
    ])

  static let jazz = Style(
    name: "jazz trio",
    keywords: [
      "jazz": 4, "swing": 3, "bebop": 3, "blues": 2, "bluesy": 2, "lounge": 2, "smoky": 1.5, "saxophone": 1.5,
      "sax": 1.5,
      "trio": 1, "big band": 3, "ragtime": 2, "noir": 1.5, "cabaret": 2, "soul": 1, "crooner": 2,
    ],
    lead: .init(program: 66, volume: 104, pan: 0.1, reverb: 0.35), leadRange: 48...79,
    doubling: nil,
    chords: [
      .init(
        voice: .init(program: 0, volume: 82, pan: -0.3, reverb: 0.25),
        pattern: .init("x-....X-....x-..", "x-....X-..x."), centre: 60, gate: 0.85)
    ],
    bass: .init(
      voice: .init(program: 32, volume: 110, pan: 0.1, reverb: 0.1), pattern: .init("R---3---5---W---", "R---5---W---"),
      centre: 38, gate: 0.9),
    kit: .init(program: 32, volume: 88, pan: 0.1, reverb: 0.25),
    drums: [
      .init(key: 51, pattern: .init("7...7.5.7...7.5.", "7...7.5.7.5.")),
      .init(key: 44, pattern: .init("....6.......6...", "....5...5...")),
      .init(key: 36, pattern: .init("3...3...3...3...", "3...........")),
      .init(key: 38, pattern: .init("......3.......2.", "..........3."), fromLevel: 0.5),
    ],
    swing: 0.65, sevenths: true)

  static let rock = Style(
    name: "rock",
    keywords: [
      "rock": 3, "metal": 3, "punk": 3, "grunge": 3, "hard": 1, "heavy": 2, "distorted": 2, "distortion": 2,
      "electric guitar": 3,
      "guitars": 1.5, "band": 1, "energetic": 1, "stadium": 2, "garage": 2, "alternative": 1.5, "power": 1, "anthem": 1,
    ],
    lead: .init(program: 29, volume: 104, pan: 0.1, reverb: 0.3), leadRange: 55...86,
    doubling: (.init(program: 30, volume: 64, pan: 0.35, reverb: 0.3), -12),
    chords: [
      .init(
        voice: .init(program: 30, volume: 78, pan: -0.6, reverb: 0.15),
        pattern: .init("X-x-X-x-X-x-X-x-", "X-x-X-x-X-x-"), centre: 50, gate: 0.9),
      .init(
        voice: .init(program: 29, volume: 74, pan: 0.6, reverb: 0.15),
        pattern: .init("X-------X-------", "X-----------"), centre: 57, fromLevel: 0.4),
    ],
    bass: .init(
      voice: .init(program: 34, volume: 106, reverb: 0.05), pattern: .init("R-R-R-R-R-R-R-R-", "R-R-R-R-R-R-"),
      centre: 36,
      gate: 0.9),
    kit: .init(program: 16, volume: 110, reverb: 0.2),
    drums: [
      .init(key: 36, pattern: .init("9.......9.9.....", "9.........7.")),
      .init(key: 38, pattern: .init("....9.......9...", "....8...8..."), fromLevel: 0.25),
      .init(key: 42, pattern: .init("7.5.7.5.7.5.7.5.", "7.5.7.5.7.5.")),
    ])

  static let piano = Style(
    name: "piano ballad",
    keywords: [
      "piano": 3, "ballad": 2.5, "soft": 1, "gentle": 1, "romantic": 1.5, "emotional": 1.5, "sad": 1, "solo piano": 2,
      "slow": 0.5, "tender": 1.5, "melancholic": 1.5, "calm": 1, "lullaby": 2, "stripped": 1.5, "minimal": 1,
      "peaceful": 1,
    ],
    lead: .init(program: 0, volume: 112, pan: 0.1, reverb: 0.4), leadRange: 60...95,
    doubling: (.init(program: 48, volume: 60, pan: -0.3, reverb: 0.6), 0),
    chords: [],
    pad: .init(
      voice: .init(program: 48, volume: 52, pan: -0.2, reverb: 0.6), pattern: .init("----------------", "------------"),
      centre: 60, gate: 1, fromLevel: 0.45),
    arpeggio: .init(
      voice: .init(program: 0, volume: 84, pan: -0.15, reverb: 0.35),
      pattern: .init("0-1-2-3-4-3-2-1-", "0-1-2-3-2-1-"),
      centre: 52, gate: 1),
    bass: .init(
      voice: .init(program: 0, volume: 88, pan: -0.2, reverb: 0.3), pattern: .init("R---------------", "R-----------"),
      centre: 38, gate: 1))

  static let bossa = Style(
    name: "bossa nova",
    keywords: [
      "bossa": 4, "nova": 2, "latin": 3, "samba": 3, "brazilian": 3, "salsa": 2.5, "tropical": 2, "beach": 1.5,
      "cuban": 2.5,
      "reggae": 1.5, "summer": 1, "spanish": 2, "flamenco": 2, "tango": 2, "nylon": 1.5,
    ],
    lead: .init(program: 11, volume: 106, pan: 0.1, reverb: 0.4), leadRange: 57...89,
    doubling: nil,
    chords: [
      .init(
        voice: .init(program: 24, volume: 92, pan: -0.3, reverb: 0.25),
        pattern: .init("X--x--X---x--X--", "X--x--X--x--"), centre: 58, strum: 0.008)
    ],
    bass: .init(
      voice: .init(program: 32, volume: 102, reverb: 0.1), pattern: .init("R-----5-5-----R-", "R-----5---5-"),
      centre: 38,
      gate: 0.9),
    kit: .init(program: 0, volume: 78, reverb: 0.2),
    drums: [
      .init(key: 37, pattern: .init("7.....7.....7...", "7.....7.....")),
      .init(key: 36, pattern: .init("5.....4.5.....4.", "5.....4.....")),
      .init(key: 70, pattern: .init("5353535353535353", "535353535353"), fromLevel: 0.2),
    ],
    sevenths: true)

  static let lofi = Style(
    name: "lo-fi",
    keywords: [
      "lo-fi": 4, "lofi": 4, "chill": 2, "chillhop": 3, "hip hop": 3, "hip-hop": 3, "trap": 2.5, "rap": 2, "beats": 1.5,
      "study": 2, "relaxed": 1, "mellow": 1.5, "r&b": 2.5, "rnb": 2.5, "funk": 1.5, "groovy": 1, "laid-back": 1.5,
      "downtempo": 2,
    ],
    lead: .init(program: 4, volume: 108, pan: 0.1, reverb: 0.35), leadRange: 55...88,
    doubling: (.init(program: 11, volume: 58, pan: 0.35, reverb: 0.5), 12),
    chords: [
      .init(
        voice: .init(program: 5, volume: 84, pan: -0.25, reverb: 0.35),
        pattern: .init("X-------..x-----", "X-------x---"), centre: 58, strum: 0.02)
    ],
    bass: .init(
      voice: .init(program: 33, volume: 106, reverb: 0.05), pattern: .init("R-----R---5---R-", "R-----R---5-"),
      centre: 36,
      gate: 0.9),
    kit: .init(program: 8, volume: 92, reverb: 0.15),
    drums: [
      .init(key: 36, pattern: .init("8.....5...8.....", "8.........5.")),
      .init(key: 38, pattern: .init("....7.......7..2", "....6...6...")),
      .init(key: 42, pattern: .init("5.3.5.3.5.3.5.33", "5.3.5.3.5.3."), fromLevel: 0.2),
    ],
    swing: 0.58, sevenths: true)

  static let chiptune = Style(
    name: "chiptune",
    keywords: [
      "chiptune": 4, "8-bit": 4, "8bit": 4, "8 bit": 4, "16-bit": 3, "video game": 3, "arcade": 2.5, "nintendo": 3,
      "gameboy": 3,
      "pixel": 2, "game": 1,
    ],
    lead: .init(program: 80, volume: 96, pan: 0, reverb: 0.05), leadRange: 60...91,
    doubling: nil,
    chords: [],
    arpeggio: .init(
      voice: .init(program: 80, volume: 62, pan: 0.35, reverb: 0.05),
      pattern: .init("0120120120120120", "012012012012"),
      centre: 64, gate: 0.7),
    bass: .init(
      voice: .init(program: 80, volume: 84, pan: -0.2, reverb: 0), pattern: .init("R-R-8-R-R-R-8-R-", "R-R-8-R-8-R-"),
      centre: 40, gate: 0.7),
    kit: .init(program: 24, volume: 84, reverb: 0),
    drums: [
      .init(key: 36, pattern: .init("8.......8.8.....", "8.........6.")),
      .init(key: 38, pattern: .init("....8.......8...", "....7...7...")),
      .init(key: 42, pattern: .init("5.5.5.5.5.5.5.5.", "5.5.5.5.5.5.")),
    ])
}
