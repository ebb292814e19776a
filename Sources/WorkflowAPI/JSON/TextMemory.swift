import NIOCore

/// Memory that writers of texts fill.
///
/// It is managed by hand. An array, and a buffer of NIO more so, checks with each write whether it is shared and large enough, which
/// costs as much as writing a short name. Here a whole value checks once.
struct TextMemory: ~Copyable {
    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    /// - Parameter capacity: the expected number of bytes.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
        memory = .allocate(capacity: self.capacity)
    }

    deinit { memory.deallocate() }

    /// A copy of the bytes written so far.
    var buffer: ByteBuffer { ByteBuffer(bytes: UnsafeBufferPointer(start: memory, count: count)) }

    /// - Parameters:
    ///   - most: the most bytes that `write` writes.
    ///   - write: moves the place behind the bytes that it has written.
    @inline(__always)
    mutating func put(upTo most: Int, _ write: (_ place: inout UnsafeMutablePointer<UInt8>) -> Void) {
        if capacity - count < most { makeRoom(for: most) }
        var place = memory + count
        write(&place)
        count = place - memory
    }

    @inline(never)
    private mutating func makeRoom(for more: Int) {
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.initialize(from: memory, count: count)
        memory.deallocate()
        (memory, capacity) = (moved, larger)
    }
}

extension UnsafeMutablePointer<UInt8> {
    @inline(__always)
    mutating func write(_ byte: UInt8) {
        pointee = byte
        self += 1
    }

    @inline(__always)
    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        initialize(from: start, count: bytes.count)
        self += bytes.count
    }
}
