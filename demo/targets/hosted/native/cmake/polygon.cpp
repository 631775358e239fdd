// SPDX-License-Identifier: MIT OR Apache-2.0

#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

namespace {

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};

struct RegularPolygon final : Shape {
    RegularPolygon(std::size_t corners, double radius) : corners(corners), radius(radius) {}
    double area() const override {
        const double turn = 2 * std::acos(-1.0) / static_cast<double>(corners);
        return static_cast<double>(corners) * radius * radius * std::sin(turn) / 2;
    }
    std::size_t corners;
    double radius;
};

}  // namespace

/// The summed areas of the regular polygons of radius 1 that have 3, 4, … `most` corners.
extern "C" double polygon_areas(std::size_t most) {
    std::vector<std::unique_ptr<Shape>> shapes;
    for (std::size_t corners = 3; corners <= most; ++corners) {
        shapes.push_back(std::make_unique<RegularPolygon>(corners, 1.0));
    }
    double sum = 0;
    for (const auto &shape : shapes) {
        sum += shape->area();
    }
    return sum;
}
