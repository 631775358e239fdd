// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing

@testable import Download

@Suite struct HeaderTests {
    @Test(
        arguments: [
            ("0", Duration.seconds(0)), ("120", .seconds(120)),
            ("1000000000000", .seconds(100_000_000)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(10)),
            ("Sun, 06 Nov 1994 08:49:17 GMT", .seconds(0)),
            ("-1", nil), ("1.5", nil), ("", nil), ("soon", nil),
            ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
            ("a b c d e f", nil),
        ] as [(String, Duration?)]
    )
    func retryAfterIsSecondsOrADate(_ value: String, _ pause: Duration?) {
        // 10 s before the first date above.
        #expect(retryAfter(value, now: Date(timeIntervalSince1970: 784_111_767)) == pause)
    }

    @Test(arguments: [
        "bytes 5-9/10", "Bytes 5-9/*",
    ])
    func aContentRangeIsRead(_ header: String) throws {
        let range = try #require(ContentRange(header))
        #expect(range.first == 5 && range.last == 9)
    }

    @Test(arguments: [
        "", "bytes", "bytes */10", "bytes 5-9", "bytes 9-5/10", "bytes 5-10/10", "bytes -5-9/10",
        "bytes 5-9/-1", "items 5-9/10", "bytes +5-9/10", "bytes 5-9/10/11",
        "bytes 99999999999999999999-99999999999999999999/*",
    ])
    func whatIsNoContentRangeIsNot(_ header: String) {
        #expect(ContentRange(header) == nil)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.9.9", true), ("127.1", true), ("2130706433", true),
        ("localhost", true), ("LOCALHOST", true), ("[::1]", true), ("::1", true),
        ("[::ffff:127.0.0.1]", true),
        ("localhost.example.org", false), ("127.0.0.1.example.org", false), ("10.0.0.1", false),
        ("0.0.0.0", false), ("[::2]", false), ("a.localhost", false),
    ])
    func theseHostsAreThisMachine(_ name: String, _ isLoopback: Bool) {
        #expect(HostName(name).isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false), ("192.168.1.1", true),
        ("169.254.169.254", true), ("0.0.0.0", true), ("100.64.0.1", true),
        ("[fe80::1%eth0]", true),
        ("[fd00::1]", true), ("[::]", true), ("[2001:db8::1]", false), ("192.0.2.1", false),
        ("example.org", false), ("a.localhost", true), ("0xa9fea9fe", true),
        ("255.255.255.255", true),
    ])
    func theseHostsAreInward(_ name: String, _ isInward: Bool) {
        #expect(HostName(name).isInward == isInward)
    }
}
