import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";

export interface Shown {
  isOpen: boolean;
  close(): void;
}

export interface Told extends Shown {
  title: string;
  children: ReactNode;
}

/** A dialog above the page; Escape, or a press beside it, closes it. */
export default function Floating({ isOpen, close, title, children }: Told) {
  return (
    <ModalOverlay className="veil" isOpen={isOpen} onOpenChange={(open) => open || close()} isDismissable>
      <Modal className="floating">
        <Dialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
